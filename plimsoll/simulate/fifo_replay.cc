// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/simulate/fifo_replay.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "plimsoll/schedule/free_nodes.h"

namespace plimsoll::simulate {
namespace {

struct End {
    Instant when{};
    std::uint32_t job = 0;
    bool operator>(const End& other) const { return std::pair(when, job) > std::pair(other.when, other.job); }
};

class Replaying {
public:
    Replaying(std::span<const ReplayedJob> jobs, std::vector<ResourceCounts> needs, std::span<const Resources> nodes)
        : jobs_(jobs), needs_(std::move(needs)), free_(nodes) {
        replay_.placed.resize(jobs.size());
        ends_.reserve(std::min<std::size_t>(jobs.size(), 1 << 20));
    }

    Replay run() {
        std::uint32_t arrived = 0;
        while (started_ < jobs_.size() || !ends_.empty()) {
            const bool comes_next =
                arrived < jobs_.size() && (ends_.empty() || jobs_[arrived].arrives < ends_.front().when);
            if (comes_next) now_ = jobs_[arrived++].arrives;
            else end_first();
            ++replay_.events;
            // All of one instant comes before anything starts.
            const bool more_now = (!ends_.empty() && ends_.front().when == now_) ||
                                  (arrived < jobs_.size() && jobs_[arrived].arrives == now_);
            if (!more_now) start_in_order(arrived);
        }
        replay_.end = now_;
        if (!jobs_.empty()) replay_.mean_wait_s = waited_s_ / static_cast<double>(jobs_.size());
        return std::move(replay_);
    }

private:
    void end_first() {
        const End end = ends_.front();
        std::ranges::pop_heap(ends_, std::greater<>());
        ends_.pop_back();
        now_ = end.when;
        free_.give_back(replay_.placed[end.job].node, needs_[jobs_[end.job].need]);
    }

    void start_in_order(std::uint32_t arrived) {
        for (; started_ < arrived; ++started_) {
            const ReplayedJob& job = jobs_[started_];
            const ResourceCounts& need = needs_[job.need];
            const auto node = free_.best_fit(need);
            if (!node) return;
            free_.take(*node, need);
            replay_.placed[started_] = {now_, *node};
            waited_s_ += seconds(now_ - job.arrives);
            ends_.push_back({end_of(now_, job.runtime), started_});
            std::ranges::push_heap(ends_, std::greater<>());
        }
    }

    std::span<const ReplayedJob> jobs_;
    std::vector<ResourceCounts> needs_;
    schedule::FreeNodes free_;
    std::vector<End> ends_;  ///< of those that run, a heap
    std::uint32_t started_ = 0;
    Instant now_{};
    double waited_s_ = 0;
    Replay replay_;
};

}  // namespace

Result<Replay> replay_fifo(std::span<const ReplayedJob> jobs, std::span<const Resources> needs,
                           std::span<const Resources> nodes) {
    std::vector<ResourceCounts> counts;
    std::vector<bool> fits_somewhere;
    for (const Resources& need : needs) {
        counts.push_back(counts_of(need));
        fits_somewhere.push_back(std::ranges::any_of(nodes, [&](const Resources& node) { return fits(need, node); }));
    }
    for (std::size_t at = 0; at < jobs.size(); ++at)
        if (!fits_somewhere[jobs[at].need])
            return invalid(fmt::format("job {} needs {}, and no node has that", at, format(needs[jobs[at].need])));
    return Replaying(jobs, std::move(counts), nodes).run();
}

}  // namespace plimsoll::simulate
