// SPDX-License-Identifier: Apache-2.0
#include "apps/plimsoll/by_requests.h"

#include <fmt/format.h>

#include <algorithm>

#include "plimsoll/simulate/what_if.h"

namespace plimsoll::cli {
namespace {

// The end of a run must not wait for it: a thousand tasks take a tenth of a second, and so do a thousand hours of
// running, through which the simulated loop looks at each task once a second.
constexpr std::size_t attempts_at_most = 1000;
constexpr double task_seconds_at_most = 100'000;

bool is_cheap(const std::vector<AttemptRecord>& attempts) {
    double task_seconds = 0;
    for (const AttemptRecord& attempt : attempts) task_seconds += seconds(attempt.profile.runtime);
    return !attempts.empty() && attempts.size() <= attempts_at_most && task_seconds <= task_seconds_at_most;
}

}  // namespace

std::string by_requests_text(const RunRecord& run, const loop::Summary& summary,
                             const std::vector<AttemptRecord>& attempts, const std::vector<Receipt>& receipts) {
    const bool has_requests =
        std::ranges::all_of(attempts, [](const AttemptRecord& one) { return one.request.memory && one.request.cpu; });
    if (run.state != RunState::finished || !has_requests || !is_cheap(attempts)) return {};
    const simulate::RecordedWork work = simulate::recorded_work(run, attempts, receipts);
    const auto played =
        simulate::what_if(work, {.by_requests = true, .capacity = run.capacity}, {}, {.count = 1, .seed = 1});
    if (!played) return {};  // it is but a remark; `plimsoll simulate --history` tells why
    const simulate::Course& course = played->front();
    const double wasted = course.wasted_gbh * 3600;
    std::string text = fmt::format("by its own requests, simulated: {} instead of {}, {:.{}f} GB x s wasted",
                                   format(from_seconds(course.makespan_s)), format(summary.makespan), wasted,
                                   wasted < 10    ? 2
                                   : wasted < 100 ? 1
                                                  : 0);
    if (course.failed_tasks > 0) text += fmt::format(", {:.0f} tasks failed", course.failed_tasks);
    else if (course.failed_attempts > 0) text += fmt::format(", {:.0f} attempts failed", course.failed_attempts);
    return text + "\n";
}

}  // namespace plimsoll::cli
