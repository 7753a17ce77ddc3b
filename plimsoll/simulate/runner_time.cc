// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/simulate/runner_time.h"

#include <algorithm>
#include <vector>

namespace plimsoll::simulate {
namespace {

struct Happening {
    WallTime at{};
    bool is_start = false;
    bool operator<(const Happening& other) const { return at < other.at; }
};

std::vector<Happening> happenings(std::span<const AttemptRecord> attempts) {
    std::vector<Happening> all;
    for (const AttemptRecord& attempt : attempts) {
        if (!attempt.ended) continue;
        all.push_back({attempt.started, true});
        all.push_back({*attempt.ended, false});
    }
    std::ranges::stable_sort(all, std::less<>());
    return all;
}

Duration middle(std::vector<Duration> spans) {
    if (spans.empty()) return {};
    const auto half = spans.begin() + static_cast<std::ptrdiff_t>(spans.size() / 2);
    std::ranges::nth_element(spans, half);
    return *half;
}

}  // namespace

RunnerTime runner_time(const RunRecord& run, std::span<const AttemptRecord> attempts) {
    const std::vector<Happening> all = happenings(attempts);
    if (!run.source.empty() || all.empty()) return {};
    std::vector<Duration> from_end, from_start;
    for (std::size_t at = 1; at < all.size(); ++at)
        if (all[at].is_start) (all[at - 1].is_start ? from_start : from_end).push_back(all[at].at - all[at - 1].at);
    RunnerTime time{.before_first = std::max(Duration::zero(), all.front().at - run.started),
                    .per_end = middle(std::move(from_end)),
                    .per_start = middle(std::move(from_start))};
    // A start long after another waited for something else.
    if (time.per_end > Duration::zero()) time.per_start = std::min(time.per_start, time.per_end);
    if (run.ended) time.after_last = std::max(Duration::zero(), *run.ended - all.back().at);
    return time;
}

}  // namespace plimsoll::simulate
