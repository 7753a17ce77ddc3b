// SPDX-License-Identifier: Apache-2.0
// What `plimsoll simulate SCENARIO --json` prints: docs/reference/schemas/simulate.schema.json.
#include <algorithm>

#include <nlohmann/json.hpp>

#include "apps/plimsoll/simulate/simulate_commands.h"
#include "plimsoll/loop/summary.h"
#include "plimsoll/report/summary_json.h"

namespace plimsoll::cli {
namespace {

using Json = nlohmann::ordered_json;

std::uint32_t count_of(const simulate::Played& run, Ending ending) {
    return static_cast<std::uint32_t>(std::ranges::count_if(
        run.attempts, [&](const AttemptRecord& attempt) { return attempt.outcome->ending == ending; }));
}

Json attempt_json(const AttemptRecord& attempt, const simulate::Span& span) {
    return {{"task", attempt.task_name},
            {"step", attempt.kind.step},
            {"attempt", attempt.id.number},
            {"node", span.node},
            {"start_s", seconds(span.from.time_since_epoch())},
            {"end_s", seconds(span.until.time_since_epoch())},
            {"outcome", name_of(attempt.outcome->ending)},
            {"memory_bytes", attempt.reserved.memory.count},
            {"cpu_cores", attempt.reserved.cpu.count}};
}

Json run_json(const simulate::Played& run) {
    RunRecord record;
    record.ended = WallTime(run.makespan);
    const loop::Summary summary = loop::summarize(record, run.tasks, run.attempts);
    Json schedule = Json::array();
    for (std::size_t at = 0; at < run.attempts.size(); ++at)
        schedule.push_back(attempt_json(run.attempts[at], run.spans[at]));
    Json json = {{"state", name_of(run.state)}, {"starts", run.starts}, {"deadlines_missed", run.deadlines_missed}};
    json.update(Json::parse(report::totals_json(summary)));
    json["attempts"]["lost"] = count_of(run, Ending::lost);
    json["schedule"] = std::move(schedule);
    return json;
}

}  // namespace

std::string played_json(const simulate::ScenarioFile& file, const std::vector<simulate::Played>& runs,
                        const std::vector<std::string>& unmet) {
    Json all = Json::array();
    for (const simulate::Played& run : runs) all.push_back(run_json(run));
    const Json json = {{"description", file.scenario.description},
                       {"seed", file.scenario.seed},
                       {"expectations", file.expectations.size()},
                       {"unmet", unmet},
                       {"runs", std::move(all)}};
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace plimsoll::cli
