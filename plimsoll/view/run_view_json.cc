// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/view/run_view_json.h"

#include <nlohmann/json.hpp>

namespace plimsoll::view {
namespace {

using Json = nlohmann::ordered_json;

Json seconds_json(const std::optional<Duration>& span) { return span ? Json(seconds(*span)) : Json(nullptr); }

Json counts_json(const Counts& counts) {
    return {{"total", counts.tasks},           {"running", counts.running}, {"finished", counts.finished},
            {"up_to_date", counts.up_to_date}, {"failed", counts.failed},   {"cancelled", counts.cancelled}};
}

/// {"memory_bytes": {"used": ..., ...}, "cpu_cores": {...}} of amounts by name; null: not known.
using Named = std::vector<std::pair<const char*, std::optional<Amounts>>>;
void add_amounts(Json& json, const Named& named) {
    for (const auto& [name, amounts] : named) {
        json["memory_bytes"][name] = amounts ? Json(amounts->memory.count) : Json(nullptr);
        json["cpu_cores"][name] = amounts ? Json(amounts->cpu.count) : Json(nullptr);
    }
}

Json step_json(const StepLine& step) {
    Json json = {{"step", step.name}, {"tasks", counts_json(step.counts)}};
    add_amounts(json, {{"used", step.used}, {"reserved", step.reserved}});
    return json;
}

Json queue_json(const QueueLine& queue) {
    return {{"queue", queue.path}, {"share", queue.share}, {"due", queue.due}, {"waiting", queue.waiting}};
}

Json task_json(const TaskLine& task) {
    Json json = {{"task", task.name},
                 {"step", task.step},
                 {"attempt", task.attempt},
                 {"lived_s", seconds(task.lived)},
                 {"typical_s", seconds_json(task.takes)},
                 {"grown", task.grown},
                 {"frozen_s", seconds_json(task.frozen)}};
    add_amounts(json, {{"used", task.used}, {"reserved", task.reserved}});
    return json;
}

template <class Values, class Convert>
Json list_json(const Values& values, Convert convert) {
    Json list = Json::array();
    for (const auto& value : values) list.push_back(convert(value));
    return list;
}

Json run_json(const RunView& run) {
    Json json = {
        {"run", run.run},
        {"workflow", run.workflow},
        {"state", name_of(run.state)},
        {"stopping", run.is_stopping},
        {"elapsed_s", seconds(run.elapsed)},
        {"left_s",
         {{"least", seconds_json(run.eta.least)}, {"most", seconds_json(run.eta.most)}, {"unknown", run.eta.unknown}}},
        {"tasks", counts_json(run.counts)},
        {"ready", run.ready},
        {"grown", run.grown},
        {"frozen", run.frozen},
        {"retried", run.retried},
        {"waits", run.waits}};
    add_amounts(json,
                {{"used", run.used}, {"reserved", run.reserved}, {"others", run.others}, {"machine", run.machine}});
    json["steps"] = list_json(run.steps, step_json);
    json["queues"] = list_json(run.queues, queue_json);
    json["running"] = list_json(run.running, task_json);
    json["happenings"] = list_json(
        run.happenings, [](const Happening& each) { return Json{{"number", each.number}, {"text", each.text}}; });
    json["owner"] = {{"pid", run.owner.pid}, {"start_ticks", run.owner.start_ticks}, {"boot_id", run.owner.boot_id}};
    return json;
}

std::string dumped(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

// --- and back; nlohmann's at() and get() throw, and parse_run_view() catches ---

std::optional<Duration> span_of(const Json& json) {
    if (json.is_null()) return std::nullopt;
    return from_seconds(json.get<double>());
}

Counts counts_of(const Json& json) {
    const auto count = [&](const char* name) { return json.at(name).get<std::uint32_t>(); };
    return {.tasks = count("total"),
            .running = count("running"),
            .finished = count("finished"),
            .up_to_date = count("up_to_date"),
            .failed = count("failed"),
            .cancelled = count("cancelled")};
}

std::optional<Amounts> amounts_if_any(const Json& json, const char* name) {
    const Json& memory = json.at("memory_bytes").at(name);
    if (memory.is_null()) return std::nullopt;
    return Amounts{{memory.get<std::int64_t>()}, {json.at("cpu_cores").at(name).get<double>()}};
}

Amounts amounts_of(const Json& json, const char* name) { return amounts_if_any(json, name).value_or(Amounts{}); }

TaskLine task_of(const Json& json) {
    return {.name = json.at("task"),
            .step = json.at("step"),
            .attempt = json.at("attempt"),
            .lived = from_seconds(json.at("lived_s")),
            .takes = span_of(json.at("typical_s")),
            .used = amounts_if_any(json, "used"),
            .reserved = amounts_of(json, "reserved"),
            .grown = json.at("grown"),
            .frozen = span_of(json.at("frozen_s"))};
}

RunView run_of(const Json& json) {
    const Json &left = json.at("left_s"), &owner = json.at("owner");
    RunView run{.run = json.at("run"),
                .workflow = json.at("workflow"),
                .owner = {owner.at("pid"), owner.at("start_ticks"), owner.at("boot_id")},
                .elapsed = from_seconds(json.at("elapsed_s")),
                .state = parse_run_state(json.at("state").get<std::string>()).value_or(RunState::interrupted),
                .is_stopping = json.at("stopping"),
                .counts = counts_of(json.at("tasks")),
                .ready = json.at("ready"),
                .grown = json.at("grown"),
                .frozen = json.at("frozen"),
                .retried = json.at("retried"),
                .used = amounts_of(json, "used"),
                .reserved = amounts_of(json, "reserved"),
                .machine = amounts_of(json, "machine"),
                .others = amounts_of(json, "others"),
                .eta = {span_of(left.at("least")), span_of(left.at("most")), left.at("unknown")},
                .waits = json.at("waits"),
                .steps = {},
                .queues = {},
                .running = {},
                .happenings = {}};
    for (const Json& step : json.at("steps"))
        run.steps.push_back(
            {step.at("step"), counts_of(step.at("tasks")), amounts_of(step, "used"), amounts_of(step, "reserved")});
    for (const Json& queue : json.at("queues"))
        run.queues.push_back({queue.at("queue"), queue.at("share"), queue.at("due"), queue.at("waiting")});
    for (const Json& task : json.at("running")) run.running.push_back(task_of(task));
    for (const Json& each : json.at("happenings")) run.happenings.push_back({each.at("number"), each.at("text")});
    return run;
}

}  // namespace

std::string to_json(const RunView& run) { return dumped(run_json(run)); }

Result<RunView> parse_run_view(std::string_view json) {
    try {
        return run_of(Json::parse(json));
    } catch (const Json::exception& error) {
        return Error{ErrorKind::damaged, std::string("not the view of a run: ") + error.what()};
    }
}

std::string to_json(const MachineView& machine) {
    Json json = {{"memory_bytes",
                  {{"total", machine.total.memory.count},
                   {"available", machine.memory_available.count},
                   {"used", machine.used_by_runs().memory.count},
                   {"programs", machine.programs().count},
                   {"reserved", machine.reserved().memory.count},
                   {"free", machine.free().memory.count}}},
                 {"cpu_cores",
                  {{"total", machine.total.cpu.count},
                   {"busy", machine.cores_busy ? Json(machine.cores_busy->count) : Json(nullptr)},
                   {"used", machine.used_by_runs().cpu.count},
                   {"reserved", machine.reserved().cpu.count},
                   {"free", machine.free().cpu.count}}}};
    json["other_runs"] = {{"count", machine.other_runs}};
    add_amounts(json["other_runs"], {{"reserved", machine.others_reserved}});
    json["runs"] = list_json(machine.runs, run_json);
    return dumped(json);
}

}  // namespace plimsoll::view
