// SPDX-License-Identifier: Apache-2.0
// What a running attempt is held to: limits from what it holds, written to the kernel, and looked after.
#include <fmt/format.h>

#include <algorithm>

#include "plimsoll/base/probe.h"
#include "plimsoll/loop/decisions.h"
#include "plimsoll/loop/shaper.h"

namespace plimsoll::loop {
std::string_view name_of(ShapeMode mode) {
    constexpr std::string_view names[] = {"full", "flat", "off"};
    return names[static_cast<int>(mode)];
}

Result<ShapeMode> parse_shape_mode(std::string_view name) {
    for (const ShapeMode mode : {ShapeMode::full, ShapeMode::flat, ShapeMode::off})
        if (name == name_of(mode)) return mode;
    return invalid(fmt::format("'{}' is no way of shaping; use full, flat or off", name));
}

Limits Shaper::limits_of(const StepLimit& how, const Resources& held, Bytes free) const {
    Limits limits{.memory = held.memory,
                  .cpu = held.cpu,
                  .cpu_by = how.cpu_by,
                  .disk_read = how.disk_read,
                  .disk_write = how.disk_write};
    if (books_.options.shape == ShapeMode::off) return limits;
    const Bytes machine = books_.edges.capacity.memory_of_machine();
    const Bytes hard = std::min(shape::hard_limit(held.memory, free, machine), machine);
    limits.memory_notice = held.memory;
    limits.memory = std::max(hard, held.memory);
    return limits;
}

void Shaper::set_limits(RunningAttempt& attempt, Bytes free) {
    const StepLimit& how = books_.tasks[attempt.record.id.task].task.step->limit;
    const Limits limits = limits_of(how, attempt.held, free);
    const auto set = books_.edges.limits.set(attempt.record.id, limits);
    if (set) {
        attempt.limits = limits;
        return;
    }
    PLIM_PROBE("loop: a limit could not be written");
    books_.journal.record(
        memory_decision("limit", attempt.limits.memory, limits.memory, "not set: " + set.error().message),
        attempt.record.id.task, attempt.record.id.number);
}

/// Holds other amounts for it from now on, in the books and in the kernel.
void Shaper::hold(RunningAttempt& attempt, const Resources& amounts, Bytes free, Instant now) {
    hold_amounts(attempt, amounts, now);
    if (attempt.claim.held(now) != amounts) attempt.claim.resize(amounts, now);  // else the books had foreseen it
    note(attempt);
    set_limits(attempt, free);
}

/// Somebody else may have changed its limits, or moved it. A look costs some reads for each of its processes: one a
/// second at first, then ever fewer, as what has stood for long mostly stands.
void Shaper::inspect_limits(RunningAttempt& attempt, Instant now) {
    constexpr Duration often = std::chrono::seconds(1), seldom = std::chrono::seconds(10);
    if (now < attempt.inspected + std::clamp((now - attempt.started) / 4, often, seldom)) return;
    attempt.inspected = now;
    const auto deviation = books_.edges.limits.inspect(attempt.record.id);
    if (!deviation) return;
    PLIM_PROBE("loop: a limit was changed by somebody else");
    const AttemptId id = attempt.record.id;
    books_.journal.record(memory_decision("limit", attempt.limits.memory, attempt.limits.memory, deviation->detail),
                          id.task, id.number);
    books_.journal.note(attempt.record.task_name + ": " + deviation->detail);
}

}  // namespace plimsoll::loop
