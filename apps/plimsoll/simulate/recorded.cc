// SPDX-License-Identifier: Apache-2.0
#include "apps/plimsoll/simulate/recorded.h"

#include <fmt/format.h>

#include <algorithm>

#include "apps/plimsoll/command_frame.h"
#include "plimsoll/loop/summary.h"

namespace plimsoll::cli {
namespace {

// What the models learn from a workflow's past: more runs than these change a size by nothing.
constexpr std::size_t earlier_runs_at_most = 20;
constexpr std::size_t all_at_most = 100;

Result<std::vector<Observation>> learnt_before(const history::Database& history, const RunRecord& run) {
    std::vector<RunRecord> earlier;
    for (RunRecord& other : PLIM_TRY(history.runs({.workflow = run.workflow})))
        if (other.started < run.started && earlier.size() < earlier_runs_at_most) earlier.push_back(std::move(other));
    std::ranges::reverse(earlier);  // the oldest teaches first
    std::vector<Observation> before;
    for (const RunRecord& other : earlier)
        for (const AttemptRecord& attempt : PLIM_TRY(history.attempts(other.id)))
            if (attempt.outcome && attempt.outcome->ending != Ending::lost)
                before.push_back({.kind = attempt.kind,
                                  .features = attempt.features,
                                  .profile = attempt.profile,
                                  .ending = attempt.outcome->ending,
                                  .reserved_memory = attempt.reserved.memory,
                                  .reserved_cpu = attempt.reserved.cpu});
    return before;
}

Result<std::optional<Recorded>> recorded_run(const history::Database& history, const RunRecord& run) {
    const std::vector<AttemptRecord> attempts = PLIM_TRY(history.attempts(run.id));
    Recorded recorded{
        .name = fmt::format("run {} of {}", run.id, run.workflow),
        .work = simulate::recorded_work(run, attempts, PLIM_TRY(history.receipts(run.folder, run.workflow)))};
    if (recorded.work.tasks.empty()) return std::optional<Recorded>();
    recorded.before = PLIM_TRY(learnt_before(history, run));
    if (run.source.empty()) recorded.went = course_of(run, PLIM_TRY(history.tasks(run.id)), attempts);
    return std::optional<Recorded>(std::move(recorded));
}

}  // namespace

simulate::Course course_of(const RunRecord& run, const std::vector<TaskRecord>& tasks,
                           const std::vector<AttemptRecord>& attempts) {
    const loop::Summary summary = loop::summarize(run, tasks, attempts);
    const auto failed = std::ranges::count_if(attempts, [](const AttemptRecord& attempt) {
        return attempt.outcome && attempt.outcome->ending != Ending::finished;
    });
    return {.makespan_s = seconds(summary.makespan),
            .reserved_gbh = summary.memory.reserved,
            .wasted_gbh = summary.memory.wasted(),
            .reserved_ch = summary.cpu.reserved,
            .wasted_ch = summary.cpu.wasted(),
            .failed_attempts = static_cast<double>(failed),
            .failed_tasks = static_cast<double>(summary.tasks_failed)};
}

Result<std::vector<Recorded>> recorded_runs(const history::Database& history, const std::string& name) {
    std::vector<RunRecord> runs;
    if (name != "all") runs.push_back(PLIM_TRY(find_run(history, name)));
    else runs = PLIM_TRY(history.runs({.limit = all_at_most}));
    std::vector<Recorded> all;
    for (const RunRecord& run : runs) {
        if (name == "all" && (!run.source.empty() || !run.ended)) continue;
        if (auto recorded = PLIM_TRY(recorded_run(history, run))) all.push_back(std::move(*recorded));
    }
    if (all.empty())
        return Error{ErrorKind::not_found, name == "all" ? "no run that ended is recorded; `plimsoll run` records them"
                                                         : fmt::format("nothing ran in {}: all was up to date", name)};
    return all;
}

}  // namespace plimsoll::cli
