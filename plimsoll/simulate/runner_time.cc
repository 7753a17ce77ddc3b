// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/simulate/runner_time.h"

#include <algorithm>
#include <map>
#include <optional>
#include <vector>

namespace plimsoll::simulate {
namespace {

struct Happening {
    WallTime at{};
    const AttemptRecord* started = nullptr;  ///< null: an end
    bool operator<(const Happening& other) const { return at < other.at; }
};

std::vector<Happening> happenings(std::span<const AttemptRecord> attempts) {
    std::vector<Happening> all;
    for (const AttemptRecord& attempt : attempts) {
        if (!attempt.ended) continue;
        all.push_back({attempt.started, &attempt});
        all.push_back({*attempt.ended, nullptr});
    }
    std::ranges::stable_sort(all, std::less<>());
    return all;
}

/// The last end of each task.
std::map<TaskId, WallTime> ends_of(std::span<const AttemptRecord> attempts) {
    std::map<TaskId, WallTime> ends;
    for (const AttemptRecord& attempt : attempts)
        if (attempt.ended) ends[attempt.id.task] = std::max(ends[attempt.id.task], *attempt.ended);
    return ends;
}

/// What the attempt waited for was the end of that task, and nothing after that; nothing where it was something else.
std::optional<WallTime> made_way(const AttemptRecord& attempt, const std::map<TaskId, WallTime>& ends) {
    if (!attempt.wait || !attempt.wait->after || !attempt.wait->lack.empty()) return std::nullopt;
    const auto end = ends.find(*attempt.wait->after);
    return end == ends.end() ? std::nullopt : std::optional(end->second);
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
    const std::map<TaskId, WallTime> ends = ends_of(attempts);
    for (std::size_t at = 1; at < all.size(); ++at) {
        if (!all[at].started) continue;
        const Duration gap = all[at].at - all[at - 1].at;
        if (all[at - 1].started) {
            from_start.push_back(gap);
        } else {
            // The end before it by the records need not be the one that it waited for.
            const auto end = made_way(*all[at].started, ends);
            from_end.push_back(end ? std::max(Duration::zero(), all[at].at - *end) : gap);
        }
    }
    RunnerTime time{.before_first = std::max(Duration::zero(), all.front().at - run.started),
                    .per_end = middle(std::move(from_end)),
                    .per_start = middle(std::move(from_start))};
    // A start long after another waited for something else.
    if (time.per_end > Duration::zero()) time.per_start = std::min(time.per_start, time.per_end);
    if (run.ended) time.after_last = std::max(Duration::zero(), *run.ended - all.back().at);
    return time;
}

}  // namespace plimsoll::simulate
