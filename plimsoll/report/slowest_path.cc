// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/report/slowest_path.h"

#include <algorithm>
#include <optional>
#include <unordered_map>

namespace plimsoll::report {
namespace {

using Attempts = std::span<const AttemptRecord>;

class Predecessors {
public:
    explicit Predecessors(Attempts attempts) : attempts_(attempts) {
        for (std::size_t at = 0; at < attempts.size(); ++at) of_task_[attempts[at].id.task].push_back(at);
    }
    /// The attempt whose end made this one ready: the last one of that task that was there before it.
    std::optional<std::size_t> of(std::size_t at) const {
        const AttemptRecord& attempt = attempts_[at];
        if (!attempt.wait || !attempt.wait->after) return std::nullopt;
        const auto made_ready = of_task_.find(*attempt.wait->after);
        if (made_ready == of_task_.end()) return std::nullopt;
        std::optional<std::size_t> last;
        for (const std::size_t other : made_ready->second)
            if (attempts_[other].started < attempt.started) last = other;
        return last;
    }

private:
    Attempts attempts_;
    std::unordered_map<TaskId, std::vector<std::size_t>> of_task_;
};

}  // namespace

std::vector<Leg> slowest_path(std::span<const AttemptRecord> attempts, std::span<const AttemptTimes> times) {
    if (attempts.empty()) return {};
    const auto last = std::ranges::max_element(times, {}, [](const AttemptTimes& one) { return one.run.until; });
    const Predecessors predecessors(attempts);
    std::vector<Leg> path;
    // Starts lie ever earlier, so that it comes to an end.
    for (std::optional<std::size_t> at = last - times.begin(); at; at = predecessors.of(*at))
        path.push_back({*at, times[*at].ready.value_or(times[*at].run.from), times[*at].run});
    std::ranges::reverse(path);
    // A wall clock that was set while the run went on lets spans overlap.
    for (std::size_t leg = 1; leg < path.size(); ++leg)
        path[leg].ready =
            std::clamp(path[leg - 1].run.until, path[leg].ready, std::max(path[leg].ready, path[leg].run.from));
    return path;
}

}  // namespace plimsoll::report
