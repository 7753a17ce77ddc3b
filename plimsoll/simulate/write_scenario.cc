// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/simulate/write_scenario.h"

#include <fmt/format.h>

#include <algorithm>

#include "plimsoll/base/check.h"
#include "plimsoll/simulate/toml.h"

namespace plimsoll::simulate {
namespace {

using Kind = WorldFault::Kind;

/// Exact, unlike what people are shown.
std::string text(Bytes amount) {
    return amount.count % (1 << 20) == 0 ? fmt::format("{}MiB", amount.count >> 20) : fmt::format("{}", amount.count);
}
std::string text(Cores amount) { return fmt::format("{}", amount.count); }
std::string text(double number) { return fmt::format("{}", number); }
std::string text(int number) { return fmt::format("{}", number); }
std::string text(bool flag) { return flag ? "true" : "false"; }
std::string text(const std::string& words) { return words; }
std::string text(Duration span) {
    return span.count() % 1'000'000 == 0 ? fmt::format("{}ms", span.count() / 1'000'000)
                                         : fmt::format("{}s", seconds(span));
}
std::string text(const Resources& amounts) {
    std::string all;
    for (int kind = 0; kind < resource_kind_count; ++kind)
        if (const auto which = static_cast<ResourceKind>(kind); amounts.amount(which) > 0)
            all += fmt::format("{}{}={}", all.empty() ? "" : " ", name_of(which), amounts.amount(which));
    return all.empty() ? "cpu=0" : all;
}

template <class Value>
void put(TomlValue& table, const std::string& key, const Value& value) {
    table.kind = TomlValue::Kind::table;
    table.keys[key].text = text(value);
}
template <class Value>
void put(TomlValue& table, const std::string& key, const std::optional<Value>& value) {
    if (value) put(table, key, *value);
}
/// Where it is not what a scenario has unless told.
template <class Value>
void put(TomlValue& table, const std::string& key, const Value& value, const Value& usual) {
    if (!(value == usual)) put(table, key, value);
}

void put_list(TomlValue& table, const std::string& key, const std::vector<std::string>& texts) {
    table.kind = TomlValue::Kind::table;
    TomlValue& list = table.keys[key];
    list.kind = TomlValue::Kind::list;
    for (const std::string& one : texts) list.items.push_back({.text = one});
}

TomlValue request_value(const Request& request) {
    TomlValue value;
    put(value, "cpu", request.cpu);
    put(value, "memory", request.memory);
    put(value, "time", request.time);
    put(value, "disk", request.disk);
    put(value, "gpu", request.gpu);
    return value;
}

TomlValue step_value(const Step& step, const StepTruth& truth, bool is_temporary) {
    const Behaviour& typical = truth.typical;
    const Behaviour usual;
    const Retry retry;
    TomlValue value;
    put(value, "runtime", typical.runtime);
    put(value, "memory", typical.memory_peak, Bytes{});
    put(value, "peak_at", typical.peak_at, usual.peak_at);
    put(value, "falls_at", typical.falls_at, usual.falls_at);
    put(value, "memory_left", typical.memory_left, usual.memory_left);
    put(value, "cpu", typical.cpu, usual.cpu);
    put(value, "input", typical.input_bytes, Bytes{});
    put(value, "ignores_terminate", typical.ignores_terminate, false);
    if (step.checkpoint) {
        put(value, "checkpoint", typical.saves_in);
        put(value, "checkpoint_within", step.checkpoint->within, Checkpoint().within);
    }
    put(value, "spread", truth.spread, 0.0);
    put(value, "input_spread", truth.input_spread, 0.0);
    put(value, "arrives", truth.arrives, Duration{});
    if (step.request != Request{}) value.keys["request"] = request_value(step.request);
    put(value, "timeout", step.timeout);
    put(value, "deadline", step.deadline);
    put(value, "priority", step.priority, 0.0);
    put(value, "queue", step.queue, std::string("default"));
    put(value, "retry", step.retry.on_failure, retry.on_failure);
    put(value, "retry_out_of_memory", step.retry.on_out_of_memory, retry.on_out_of_memory);
    put(value, "retry_timeout", step.retry.on_timeout, retry.on_timeout);
    put(value, "temporary", is_temporary, false);
    return value;
}

TomlValue fault_value(const StepFault& fault) {
    const StepFault none;
    TomlValue value;
    put(value, "step", fault.step);
    put(value, "at_run", fault.at_run);
    put(value, "attempts", fault.attempts, none.attempts);
    put(value, "memory_peak", fault.memory, none.memory);
    put(value, "runtime", fault.runtime, none.runtime);
    put(value, "exit_code", fault.exit_code, none.exit_code);
    put(value, "input_changes", fault.input_changes, false);
    put(value, "cannot_start", fault.cannot_start, false);
    put(value, "refused", fault.is_refused, false);
    put(value, "ignores_terminate", fault.ignores_terminate, false);
    return value;
}

TomlValue fault_value(const WorldFault& fault) {
    TomlValue value;
    const bool is_of_node = fault.kind == Kind::node_lost || fault.kind == Kind::node_slow;
    if (is_of_node) put(value, "node", static_cast<int>(fault.node));
    switch (fault.kind) {
        case Kind::others:
            put(value, "others", fault.amounts);
            put(value, "queue", fault.queue, std::string());
            put(value, "waits", fault.waits);
            break;
        case Kind::history_full: put(value, "history", std::string("full")); break;
        case Kind::disk_full: put(value, "disk", std::string("full")); break;
        case Kind::node_lost: put(value, "state", std::string("lost")); break;
        case Kind::node_slow: put(value, "speed", fault.factor); break;
        case Kind::telemetry_lost: put(value, "telemetry", std::string("lost")); break;
        case Kind::limits_refused: put(value, "limits", std::string("refused")); break;
        case Kind::limits_changed: put(value, "limits", std::string("changed")); break;
        case Kind::clock_jumps: put(value, "clock", fault.length); break;
        case Kind::suspended: put(value, "suspended", fault.length); break;
        case Kind::runner_killed: put(value, "runner", std::string("killed")); break;
    }
    put(value, lasts(fault.kind) ? "from" : "at", fault.from);
    if (fault.until > fault.from) put(value, "until", fault.until);
    return value;
}

TomlValue cluster_value(const std::vector<Node>& nodes) {
    TomlValue value;
    std::vector<std::string> each;
    for (const Node& node : nodes) each.push_back(text(node.capacity));
    put_list(value, "each", each);
    return value;
}

bool is_temporary(const Scenario& scenario, const Step& step) {
    return std::ranges::any_of(scenario.workflow.tasks, [&](const Task& task) {
        return task.step == &step && std::ranges::any_of(task.outputs, &OutputFile::temporary);
    });
}

std::string stop_name(loop::StopMode mode) {
    return mode == loop::StopMode::drain ? "drain" : mode == loop::StopMode::terminate ? "terminate" : "kill";
}

TomlValue root_value(const Scenario& scenario) {
    const Scenario usual;
    TomlValue root;
    put(root, "description", scenario.description);
    put(root, "seed", std::to_string(scenario.seed));
    put(root, "runs", scenario.runs, usual.runs);
    put(root, "forecaster", scenario.forecaster, usual.forecaster);
    put(root, "keep_going", scenario.keep_going, usual.keep_going);
    put(root, "shape", std::string(name_of(scenario.shape)), std::string(name_of(usual.shape)));
    put(root, "history_lag", scenario.history_lag, Duration{});
    put(root, "config", scenario.config, std::string());
    const shape::Abilities& able = scenario.abilities;
    for (const auto& [name, has] :
         {std::pair("limits_memory", able.limits_memory), {"notices", able.notices}, {"freezes", able.freezes}})
        if (!has) put(root.keys["abilities"], name, false);
    root.keys["cluster"] = cluster_value(scenario.nodes);
    put(root.keys["workflow"], "drawing", scenario.drawing);
    if (!scenario.up_to_date.empty()) put_list(root.keys["workflow"], "up_to_date", scenario.up_to_date);
    if (scenario.stop) {
        put(root.keys["stop"], "at", scenario.stop->first);
        put(root.keys["stop"], "mode", stop_name(scenario.stop->second));
    }
    root.keys["step"].kind = TomlValue::Kind::table;
    for (const Step& step : scenario.workflow.steps) {
        const auto truth = scenario.truths.find(step.name);
        root.keys["step"].keys[step.name] = step_value(
            step, truth == scenario.truths.end() ? StepTruth{} : truth->second, is_temporary(scenario, step));
    }
    TomlValue faults{.kind = TomlValue::Kind::list};
    for (const StepFault& fault : scenario.step_faults) faults.items.push_back(fault_value(fault));
    for (const WorldFault& fault : scenario.faults) faults.items.push_back(fault_value(fault));
    if (!faults.items.empty()) root.keys["fault"] = std::move(faults);
    return root;
}

}  // namespace

std::string write_scenario(const Scenario& scenario) {
    PLIM_CHECK(!scenario.drawing.empty(), "a scenario that is written was drawn");
    return format_toml(root_value(scenario));
}

}  // namespace plimsoll::simulate
