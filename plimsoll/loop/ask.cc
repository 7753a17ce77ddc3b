// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/loop/ask.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "plimsoll/forecast/shaped_curve.h"
#include "plimsoll/loop/decisions.h"

namespace plimsoll::loop {
namespace {

std::string told_source(const Forecast& forecast) {
    if (forecast.source == Provenance::request) return "nothing is known yet: " + forecast.model;
    if (forecast.source == Provenance::all)
        return fmt::format("{} past runs of other workflows ({})", forecast.samples, forecast.model);
    return fmt::format("{} past runs of this {} ({})", forecast.samples, name_of(forecast.source), forecast.model);
}

Decision size_decision(const char* subject, std::string requested, std::string value, const Forecast& forecast,
                       const Estimate& estimate) {
    Decision made = decision("size", subject, std::move(requested), std::move(value), told_source(forecast));
    made.model = forecast.model;
    made.samples = forecast.samples;
    made.confidence = estimate.measured;
    return made;
}

/// The memory of this attempt: the forecast's bound, or more than what the last one ran out of.
Bytes memory_to_ask(const TaskTable::Entry& entry, const Features& features, const forecast::Forecaster& forecaster,
                    const forecast::Terms& terms, Ask& ask) {
    const Bytes bound{static_cast<std::int64_t>(ask.forecast.memory.bound)};
    const Tries& tries = entry.tries;
    if (tries.outgrown > bound && tries.outgrown > tries.failed_memory) {
        ask.decisions.push_back(decision("retry", "memory", format(bound), format(tries.outgrown),
                                         "so much it needed when it was ended to make room for others"));
        return tries.outgrown;
    }
    if (tries.failed_memory.count == 0) return bound;
    const Bytes raised = std::max(bound, forecaster.retry_memory(entry.task.step->kind, features, terms,
                                                                 tries.failed_memory, tries.out_of_memory));
    ask.decisions.push_back(decision("retry", "memory", format(tries.failed_memory), format(raised),
                                     "the attempt before ran out of memory; only memory is raised"));
    return raised;
}

/// "512 MiB for 2.00 s, then 60.0 MiB"
Decision phases_decision(const Ask& ask) {
    std::string told;
    Duration from{};
    for (const Phase& phase : ask.phases) {
        if (!told.empty()) told += ", then ";
        told += format(phase.amounts.memory);
        if (&phase != &ask.phases.back()) told += " for " + format(phase.until - from);
        from = phase.until;
    }
    return decision("size", "phases", format(ask.amounts.memory), told, "past runs used it so over their time");
}

/// The forecast's curve within what is asked for. An attempt after one that ran out of memory is given all that is
/// asked for from a little before that on; after a second one, and after one that was in others' way, throughout: what
/// it was forecast has been wrong more than once, or in more than its time.
std::vector<Phase> phases_of(const Ask& ask, const Tries& tries) {
    if (tries.out_of_memory > 1 || tries.outgrown > Bytes{}) return {};
    std::vector<Segment> curve = ask.forecast.curve;
    if (tries.out_of_memory == 1) curve = forecast::raised_curve(curve, tries.failed_after, ask.amounts.memory);
    std::vector<Phase> phases;
    for (const Segment& segment : curve) {
        Resources amounts = ask.amounts;
        amounts.memory = std::min(segment.memory, amounts.memory);
        amounts.cpu = std::min(segment.cpu, amounts.cpu);
        if (!phases.empty() && phases.back().amounts == amounts) phases.back().until = segment.until;
        else phases.push_back({.until = segment.until, .amounts = amounts});
    }
    return phases.size() > 1 ? phases : std::vector<Phase>{};
}

template <class Number>
void clamp(Number& value, Number most, const char* subject, std::vector<Decision>& decisions) {
    if (value <= most) return;
    decisions.push_back(decision("clamp", subject, format(value), format(most), "no more can be held for it here"));
    value = most;
}

void settle_on_whole_cores(Ask& ask) {
    if (ask.forecast.samples == 0 || ask.forecast.source == Provenance::request) return;
    const Cores settled = settled_cores(ask.amounts.cpu);
    if (settled == ask.amounts.cpu) return;
    ask.decisions.push_back(decision("clamp", "cpu", format(ask.amounts.cpu), format(settled),
                                     "a part of a core more would leave the rest of it to nobody"));
    ask.amounts.cpu = settled;
}

}  // namespace

forecast::Terms SizingTerms::of(const Step& step) const {
    return {.request = step.request,
            .may_exceed_request = may_exceed_request,
            .failure_weight = risk.value_or(step.risk.value_or(Risk{})).failure_weight,
            .growth_stall = in_phases ? std::optional(growth_stall) : std::nullopt,
            .memory_headroom = memory_headroom,
            .machine_cpu = machine.cpu,
            .machine_memory = machine.memory};
}

Cores settled_cores(Cores forecast) {
    constexpr double slower_at_most = 0.15;
    const Cores whole{std::floor(forecast.count)};
    return whole >= 1_cores && forecast.count <= whole.count * (1 + slower_at_most) ? whole : forecast;
}

Ask size_task(const TaskTable::Entry& entry, const Features& features, const forecast::Forecaster& forecaster,
              const SizingTerms& terms) {
    const Step& step = *entry.task.step;
    const forecast::Terms bounds = terms.of(step);
    Ask ask;
    if (bounds.failure_weight != Risk{}.failure_weight)
        ask.decisions.push_back(decision("size", "risk", format(Risk{}), format(Risk{bounds.failure_weight}),
                                         terms.risk ? "the run was told to" : "the workflow file says so"));
    ask.forecast = forecaster.forecast(step.kind, features, bounds);
    ask.amounts.cpu = {ask.forecast.cpu.bound};
    ask.amounts.memory = memory_to_ask(entry, features, forecaster, bounds, ask);
    ask.amounts.gpu = step.request.gpu.value_or(0);
    // Free space that nobody counts cannot be held; the request stays on record.
    if (terms.machine.scratch.count > 0) ask.amounts.scratch = step.request.disk.value_or(Bytes{});
    ask.runtime = from_seconds(ask.forecast.runtime.bound);
    clamp(ask.amounts.memory, terms.machine.memory, "memory", ask.decisions);
    clamp(ask.amounts.cpu, terms.machine.cpu, "cpu", ask.decisions);
    settle_on_whole_cores(ask);
    if (terms.in_phases) ask.phases = phases_of(ask, entry.tries);
    if (!ask.phases.empty()) ask.decisions.push_back(phases_decision(ask));
    const Request& request = step.request;
    ask.decisions.push_back(size_decision("memory", request.memory ? format(*request.memory) : "",
                                          format(ask.amounts.memory), ask.forecast, ask.forecast.memory));
    ask.decisions.push_back(size_decision("cpu", request.cpu ? format(*request.cpu) : "", format(ask.amounts.cpu),
                                          ask.forecast, ask.forecast.cpu));
    ask.decisions.push_back(size_decision("time", request.time ? format(*request.time) : "",
                                          ask.runtime > Duration{} ? format(ask.runtime) : "unknown", ask.forecast,
                                          ask.forecast.runtime));
    return ask;
}

}  // namespace plimsoll::loop
