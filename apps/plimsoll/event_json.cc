// SPDX-License-Identifier: Apache-2.0
#include "apps/plimsoll/event_json.h"

#include <nlohmann/json.hpp>

namespace plimsoll::cli {
namespace {

using Json = nlohmann::ordered_json;

Json used_json(const Profile& used) {
    return {{"memory_peak_bytes", used.memory_peak.count},
            {"cpu_s", seconds(used.cpu)},
            {"runtime_s", seconds(used.runtime)},
            {"read_bytes", used.read_bytes.count},
            {"write_bytes", used.write_bytes.count}};
}

void add_task(Json& line, const loop::Event& event) {
    line["step"] = event.step;
    line["task"] = event.task_name;
    line["attempt"] = event.attempt;
    if (event.reserved != Resources{})
        line["reserved"] = {{"memory_bytes", event.reserved.memory.count},
                            {"cpu_cores", event.reserved.cpu.count},
                            {"runtime_s", event.runtime > Duration{} ? Json(seconds(event.runtime)) : Json(nullptr)}};
    if (event.used) line["used"] = used_json(*event.used);
    if (event.outcome) {
        line["outcome"] = name_of(event.outcome->ending);
        if (event.outcome->ending != Ending::finished) line["cause"] = describe(*event.outcome);
    }
    if (!event.log.empty()) line["log"] = event.log;
}

}  // namespace

std::string event_json(const loop::Event& event, const RunId& run) {
    Json line = {{"time", rfc3339(event.time)}, {"event", name_of(event.kind)}, {"run", run}};
    if (event.task) add_task(line, event);
    if (event.kind == loop::EventKind::run_finished) line["state"] = name_of(event.state);
    if (!event.reason.empty()) line["reason"] = event.reason;
    // A file name need not be UTF-8; a line of JSON must be.
    return line.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace plimsoll::cli
