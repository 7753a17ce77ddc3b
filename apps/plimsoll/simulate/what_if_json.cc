// SPDX-License-Identifier: Apache-2.0
// What `plimsoll simulate --history RUN --json` prints: docs/reference/schemas/what_if.schema.json.
#include <nlohmann/json.hpp>

#include "apps/plimsoll/simulate/what_if.h"

namespace plimsoll::cli {
namespace {

using Json = nlohmann::ordered_json;

Json course_json(const simulate::Course& course) {
    return {{"makespan_s", course.makespan_s},        {"memory_reserved_gbh", course.reserved_gbh},
            {"memory_wasted_gbh", course.wasted_gbh}, {"cpu_reserved_ch", course.reserved_ch},
            {"cpu_wasted_ch", course.wasted_ch},      {"failed_attempts", course.failed_attempts},
            {"failed_tasks", course.failed_tasks}};
}

Json row_json(const Compared& row) {
    Json starts = Json::object();
    for (const auto& [task, start_s] : row.starts_s) starts[task] = start_s;
    return {{"policy", row.how.policy},
            {"sizes", row.how.by_requests ? "requests" : "learned"},
            {"risk", row.how.by_requests ? Json(nullptr) : Json(row.how.risk)},
            {"cpu_cores", row.how.capacity.cpu.count},
            {"memory_bytes", row.how.capacity.memory.count},
            {"nodes", row.how.nodes},
            {"low", course_json(row.estimate.low)},
            {"median", course_json(row.estimate.median)},
            {"high", course_json(row.estimate.high)},
            {"starts_s", row.starts_s.empty() ? Json(nullptr) : std::move(starts)}};
}

}  // namespace

std::string comparison_json(const Comparison& comparison) {
    Json rows = Json::array();
    for (const Compared& row : comparison.rows) rows.push_back(row_json(row));
    const Json json = {{"what", comparison.title},
                       {"runs", comparison.runs},
                       {"tasks", comparison.tasks},
                       {"runs_without_needs", comparison.without_needs},
                       {"tasks_without_request", comparison.without_request},
                       {"draws", comparison.draws},
                       {"seed", comparison.seed},
                       {"recorded", comparison.recorded ? course_json(*comparison.recorded) : Json(nullptr)},
                       {"alternatives", std::move(rows)}};
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace plimsoll::cli
