// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/simulate/read_fault.h"

#include <fmt/format.h>

#include <algorithm>

namespace plimsoll::simulate {
namespace {

using Kind = WorldFault::Kind;

/// `key = "text"` in the file.
struct Spelling {
    std::string_view key, text;
    Kind kind;
};
constexpr Spelling spellings[] = {
    {"history", "full", Kind::history_full},     {"disk", "full", Kind::disk_full},
    {"telemetry", "lost", Kind::telemetry_lost}, {"limits", "refused", Kind::limits_refused},
    {"limits", "changed", Kind::limits_changed}, {"runner", "killed", Kind::runner_killed},
    {"state", "lost", Kind::node_lost},
};

/// "-1h" and "1h".
Result<Duration> parse_leap(std::string_view text) {
    if (!text.starts_with('-')) return parse_duration(text);
    return -PLIM_TRY(parse_duration(text.substr(1)));
}

Result<double> parse_factor(std::string_view text) {
    const double factor = PLIM_TRY(parse_number(text));
    if (factor <= 0) return invalid("a speed is above 0, as in \"x0.5\"");
    return factor;
}

Result<void> read_step_fault(const TomlValue& value, Scenario& scenario) {
    StepFault fault;
    PLIM_TRY(read_table(value, {{"step", into(fault.step, parse_text)},
                                {"at_run", into(fault.at_run, parse_count)},
                                {"attempts", into(fault.attempts, parse_count)},
                                {"memory_peak", into(fault.memory, parse_number)},
                                {"runtime", into(fault.runtime, parse_number)},
                                {"exit_code", into(fault.exit_code, parse_count)},
                                {"input_changes", into(fault.input_changes, parse_flag)},
                                {"cannot_start", into(fault.cannot_start, parse_flag)},
                                {"refused", into(fault.is_refused, parse_flag)},
                                {"ignores_terminate", into(fault.ignores_terminate, parse_flag)}}));
    if (!scenario.workflow.step(fault.step)) return at(value, "the workflow has no step '" + fault.step + "'");
    scenario.step_faults.push_back(std::move(fault));
    return {};
}

Result<void> check_span(const TomlValue& value, const WorldFault& fault, bool has_from, bool has_until) {
    if (!has_from) return at(value, "say when it happens: from, or at");
    if (lasts(fault.kind) && !has_until) return at(value, "say how long it lasts: until");
    if (has_until && fault.until < fault.from) return at(value, "it ends before it begins");
    return {};
}

Result<void> check_node(const TomlValue& value, const WorldFault& fault, std::size_t nodes) {
    if (fault.kind != Kind::node_lost && fault.kind != Kind::node_slow) return {};
    if (fault.node >= nodes) return at(value, fmt::format("there is no node {}; they count from 0", fault.node));
    if (fault.kind == Kind::node_lost && nodes == 1)
        return at(value, "with its only node the runner goes too: runner = \"killed\"");
    return {};
}

}  // namespace

Result<void> read_fault(const TomlValue& value, Scenario& scenario) {
    if (value.keys.contains("step")) return read_step_fault(value, scenario);
    WorldFault fault;
    std::optional<Kind> kind;
    std::optional<Duration> from, until;
    int node = 0;
    const auto is = [&kind](Kind which) {
        return [&kind, which](const TomlValue& of) -> Result<void> {
            if (kind) return at(of, "a fault is one thing");
            kind = which;
            return {};
        };
    };
    const auto amount = [&](Kind which, Read read) {
        return [is = is(which), read = std::move(read)](const TomlValue& of) -> Result<void> {
            PLIM_TRY(is(of));
            return read(of);
        };
    };
    std::map<std::string_view, Read> keys = {
        {"from", into(from, parse_duration)},
        {"at", into(from, parse_duration)},
        {"until", into(until, parse_duration)},
        {"node", into(node, parse_count)},
        {"queue", into(fault.queue, parse_text)},
        {"waits", into(fault.waits, parse_resources)},
        {"others", amount(Kind::others, into(fault.amounts, parse_resources))},
        {"speed", amount(Kind::node_slow, into(fault.factor, parse_factor))},
        {"clock", amount(Kind::clock_jumps, into(fault.length, parse_leap))},
        {"suspended", amount(Kind::suspended, into(fault.length, parse_duration))}};
    for (const Spelling& each : spellings)
        keys[each.key] = [&is, key = each.key](const TomlValue& of) -> Result<void> {
            const std::string text = PLIM_TRY(text_of(of));
            for (const Spelling& one : spellings)
                if (one.key == key && one.text == text) return is(one.kind)(of);
            return at(of, fmt::format("{} cannot be '{}'", key, text));
        };
    PLIM_TRY(read_table(value, keys));
    if (!kind)
        return at(value,
                  "a fault names a step, or is one of others, history, disk, state (of a node), speed, "
                  "telemetry, limits, clock, suspended, runner");
    if (*kind != Kind::others && (!fault.queue.empty() || fault.waits))
        return at(value, "queue and waits are of others alone");
    if (fault.waits && fault.queue.empty()) return at(value, "say in which queue they wait: queue");
    fault.kind = *kind;
    fault.node = static_cast<NodeId>(node);
    fault.from = from.value_or(Duration{});
    fault.until = until.value_or(fault.from);
    PLIM_TRY(check_span(value, fault, from.has_value(), until.has_value()));
    PLIM_TRY(check_node(value, fault, scenario.nodes.size()));
    scenario.faults.push_back(std::move(fault));
    return {};
}

}  // namespace plimsoll::simulate
