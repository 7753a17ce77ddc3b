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
Raised raised_for(const TaskTable::Entry& entry, const Features& features, const forecast::Forecaster& forecaster,
                  const forecast::Terms& terms, Bytes bound) {
    const Tries& tries = entry.tries;
    if (tries.outgrown > bound && tries.outgrown > tries.failed_memory)
        return {.cause = Raised::Cause::outgrown, .from = bound, .to = tries.outgrown};
    if (tries.failed_memory.count == 0) return {.from = bound, .to = bound};
    const Bytes raised = std::max(bound, forecaster.retry_memory(entry.task.step->kind, features, terms,
                                                                 tries.failed_memory, tries.out_of_memory));
    return {.cause = Raised::Cause::out_of_memory, .from = tries.failed_memory, .to = raised};
}

Decision raised_decision(const Raised& raised) {
    const char* why = raised.cause == Raised::Cause::outgrown
                          ? "so much it needed when it was ended to make room for others"
                          : "the attempt before ran out of memory; only memory is raised";
    return decision("retry", "memory", format(raised.from), format(raised.to), why);
}

Decision phases_decision(const Ask& ask) {
    Decision made = decision("size", "phases", format(ask.sized_memory), phases_text(ask.phases),
                             fmt::format("{} past runs used it so over their time", ask.forecast.samples));
    made.model = ask.forecast.model;
    made.samples = ask.forecast.samples;
    made.confidence = ask.forecast.memory.measured;
    return made;
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
void add_clamp(Number value, Number most, const char* subject, std::vector<Decision>& decisions) {
    if (value > most)
        decisions.push_back(decision("clamp", subject, format(value), format(most), "no more can be held for it here"));
}

bool may_settle(const Forecast& forecast) { return forecast.samples > 0 && forecast.source != Provenance::request; }

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
    ask.forecast = forecaster.forecast(step.kind, features, bounds);
    const Bytes bound{static_cast<std::int64_t>(ask.forecast.memory.bound)};
    ask.raised = raised_for(entry, features, forecaster, bounds, bound);
    ask.amounts.cpu = {ask.forecast.cpu.bound};
    ask.amounts.memory = ask.raised.to;
    ask.amounts.gpu = step.request.gpu.value_or(0);
    // Free space that nobody counts cannot be held; the request stays on record.
    if (terms.machine.scratch.count > 0) ask.amounts.scratch = step.request.disk.value_or(Bytes{});
    ask.forecast_amounts = ask.amounts;
    ask.runtime = from_seconds(ask.forecast.runtime.bound);
    ask.amounts.memory = std::min(ask.amounts.memory, terms.machine.memory);
    ask.amounts.cpu = std::min(ask.amounts.cpu, terms.machine.cpu);
    if (may_settle(ask.forecast)) ask.amounts.cpu = settled_cores(ask.amounts.cpu);
    ask.sized_memory = ask.amounts.memory;
    if (terms.in_phases) ask.phases = phases_of(ask, entry.tries);
    return ask;
}

std::vector<Decision> size_decisions(const Ask& ask, const Step& step, const SizingTerms& terms) {
    std::vector<Decision> decisions;
    const Risk risk{terms.of(step).failure_weight};
    if (risk.failure_weight != Risk{}.failure_weight)
        decisions.push_back(decision("size", "risk", format(Risk{}), format(risk),
                                     terms.risk ? "the run was told to" : "the workflow file says so"));
    if (ask.raised.cause != Raised::Cause::not_raised) decisions.push_back(raised_decision(ask.raised));
    const Resources& before = ask.forecast_amounts;
    add_clamp(before.memory, terms.machine.memory, "memory", decisions);
    add_clamp(before.cpu, terms.machine.cpu, "cpu", decisions);
    if (const Cores there = std::min(before.cpu, terms.machine.cpu); there != ask.amounts.cpu)
        decisions.push_back(decision("clamp", "cpu", format(there), format(ask.amounts.cpu),
                                     "a part of a core more would leave the rest of it to nobody"));
    if (!ask.phases.empty()) decisions.push_back(phases_decision(ask));
    const Request& request = step.request;
    decisions.push_back(size_decision("memory", request.memory ? format(*request.memory) : "", format(ask.sized_memory),
                                      ask.forecast, ask.forecast.memory));
    decisions.push_back(size_decision("cpu", request.cpu ? format(*request.cpu) : "", format(ask.amounts.cpu),
                                      ask.forecast, ask.forecast.cpu));
    decisions.push_back(size_decision("time", request.time ? format(*request.time) : "",
                                      ask.runtime > Duration{} ? format(ask.runtime) : "unknown", ask.forecast,
                                      ask.forecast.runtime));
    return decisions;
}

std::string phases_text(std::span<const Phase> phases) {
    std::string text;
    Duration from{};
    for (const Phase& phase : phases) {
        if (!text.empty()) text += ", then ";
        text += format(phase.amounts.memory);
        if (&phase != &phases.back()) text += " for " + format(phase.until - from);
        from = phase.until;
    }
    return text;
}

bool is_sized_alike(const Tries& tries) {
    return tries.failed_memory == Bytes{} && tries.outgrown == Bytes{} && tries.out_of_memory == 0;
}

}  // namespace plimsoll::loop
