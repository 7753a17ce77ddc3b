// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/shape/division.h"

#include <algorithm>
#include <tuple>

#include "plimsoll/base/probe.h"

namespace plimsoll::shape {
namespace {

// Smaller amounts would be used up before the next look.
constexpr Bytes least_worth_taking{4 << 20};
constexpr double share_worth_taking = 1.0 / 32;

/// One round of dividing; holders in rank order.
class Round {
public:
    Round(Bytes free, std::span<const Holder> holders) : free_(free), ranked_(holders.begin(), holders.end()) {
        std::ranges::sort(ranked_, [](const Holder& a, const Holder& b) {
            return std::tuple(-a.worth, a.started, a.attempt) < std::tuple(-b.worth, b.started, b.attempt);
        });
        for (const Holder& holder : ranked_) holds_.push_back(holder.held);
        waits_.resize(ranked_.size(), false);
    }

    Division divide() {
        for (std::size_t at = 0; at < ranked_.size(); ++at) waits_[at] = !give(at);
        if (whom_to_end()) take_what_there_is();
        return told();
    }

private:
    bool wants_more(std::size_t at) const { return ranked_[at].wanted > holds_[at]; }

    /// What has to stay free for the first in rank, beyond what it holds.
    Bytes kept_for_first() const { return std::max(Bytes{}, ranked_.front().most - holds_.front()); }

    bool give(std::size_t at) {
        if (!wants_more(at)) return true;
        const Bytes more = ranked_[at].wanted - holds_[at];
        const Bytes kept = at == 0 ? Bytes{} : kept_for_first();
        if (more + kept > free_) return false;
        free_ -= more;
        holds_[at] = ranked_[at].wanted;
        return true;
    }

    /// Less than it wants may do, and nothing better can come.
    void take_what_there_is() {
        if (free_ < std::max(least_worth_taking, holds_.front() * share_worth_taking)) return;
        PLIM_PROBE("shape: the first takes what is left, less than it wants");
        holds_.front() += free_;
        free_ = {};
        waits_.front() = false;
    }

    /// Nobody runs, so nobody will make room.
    std::optional<std::size_t> whom_to_end() const {
        if (ranked_.empty() || std::ranges::count(waits_, false) > 0) return std::nullopt;
        std::size_t least = ranked_.size() - 1;
        for (std::size_t at = 1; at < ranked_.size(); ++at)
            if (ranked_[at].spent < ranked_[least].spent) least = at;
        return least;
    }

    Division told() const {
        Division division;
        for (std::size_t at = ranked_.size(); at-- > 0;) {
            const Holder& holder = ranked_[at];
            if (holds_[at] != holder.held) division.held.emplace_back(holder.attempt, holds_[at]);
            if (!waits_[at]) division.first = holder.attempt;
            if (waits_[at] && !holder.is_frozen) division.freeze.push_back(holder.attempt);
            if (!waits_[at] && holder.is_frozen) division.thaw.push_back(holder.attempt);
        }
        if (const auto least = whom_to_end()) division.end = ranked_[*least].attempt;
        return division;
    }

    Bytes free_;
    std::vector<Holder> ranked_;
    std::vector<Bytes> holds_;
    std::vector<bool> waits_;
};

}  // namespace

Division divide(Bytes free, std::span<const Holder> holders) { return Round(free, holders).divide(); }

}  // namespace plimsoll::shape
