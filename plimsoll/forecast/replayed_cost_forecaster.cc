// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/forecast/replayed_cost_forecaster.h"

#include <algorithm>
#include <cmath>
#include <type_traits>

#include "plimsoll/base/check.h"
#include "plimsoll/forecast/bounds.h"
#include "plimsoll/forecast/shaped_curve.h"
#include "plimsoll/forecast/state.h"

namespace plimsoll::forecast {
namespace {

// Another workflow calls the tool with other options on other data, its reference for one: what that says is held more
// safely, and never below the largest peak there. How far tools differ from workflow to workflow, one workflow cannot
// say.
constexpr double tool_failure_weight = 3;

constexpr std::string_view interpreters[] = {"R",       "Rscript", "awk",  "bash",  "dash", "env",    "gawk",
                                             "java",    "julia",   "node", "perl",  "php",  "python", "python2",
                                             "python3", "ruby",    "sh",   "xargs", "zsh"};

void set_memory(Forecast& forecast, const KindModel::Memory& memory, const Terms& terms) {
    const Bytes learnt{std::llround(memory.estimate.bound)};
    const Bytes wanted = learnt + terms.memory_headroom;
    const Bytes bound = first_attempt(wanted, terms);
    forecast.memory = memory.estimate;
    forecast.memory.bound = static_cast<double>(bound.count);
    forecast.memory.p50 = std::min(memory.estimate.p50, forecast.memory.bound);
    forecast.model = memory.model;
    if (bound < wanted)
        forecast.model += bound == terms.machine_memory ? ", cut to the machine" : ", cut to the request";
    // Cut below what was learnt, the bound is the user's or the machine's, and nothing was measured of it.
    if (bound < learnt) forecast.memory.measured.reset();
}

void set_cores(Forecast& forecast, const Estimate& cores, const Terms& terms) {
    const double bound = first_attempt(Cores{cores.bound}, terms).count;
    forecast.cpu = cores;
    if (bound < cores.bound) forecast.cpu.stated.reset(), forecast.cpu.measured.reset();
    forecast.cpu.bound = bound;
    forecast.cpu.p50 = std::min(cores.p50, bound);
}

Overrun overrun_of(double failure_weight, const std::optional<Duration>& growth_stall) {
    return {.failure_weight = failure_weight,
            .growth_s = growth_stall ? std::optional(seconds(*growth_stall)) : std::nullopt};
}

}  // namespace

bool names_a_program(std::string_view tool) {
    return !tool.empty() && std::find(std::begin(interpreters), std::end(interpreters), tool) == std::end(interpreters);
}

std::vector<std::string> tool_and_programs(const std::string& tool) {
    std::vector<std::string> names;
    for (std::string name = tool; names_a_program(name);) {
        names.push_back(name);
        const std::size_t last = name.rfind(' ');
        if (last == std::string::npos) break;
        name.resize(last);
    }
    return names;
}

ReplayedCostForecaster::ReplayedCostForecaster(const ForecasterOptions& options, const MixtureConstants& constants)
    : of_kinds_{.constants = constants,
                .background = options.background ? options.background : &in_line_,
                .overrun = overrun_of(options.failure_weight, options.growth_stall)},
      of_tools_(of_kinds_) {
    of_tools_.curves = of_tools_.promises = of_tools_.transfers = false;
}

void ReplayedCostForecaster::learn(const Observation& observation) {
    const TaskKind& kind = observation.kind;
    KindModel& own = kinds_.try_emplace(kind, of_kinds_).first->second;
    own.learn(observation, choosing_);
    learn_of_tool(observation);
}

void ReplayedCostForecaster::learn_of_tool(const Observation& observation) {
    learn_in_passing(observation);
    for (const std::string& tool : tool_and_programs(observation.kind.tool))
        tools_.try_emplace(tool, of_tools_).first->second.learn(observation);
}

void ReplayedCostForecaster::put_off_choices(bool on) {
    choosing_ = on ? Choosing::put_off : Choosing::when_due;
    if (!on)
        for (auto& [kind, model] : kinds_) model.choose_if_due();
}

void ReplayedCostForecaster::learn_in_passing(const Observation& observation) {
    const auto peak = static_cast<double>(observation.profile.memory_peak.count);
    if (observation.ending != Ending::finished || peak <= 0) return;
    for (CommonPeak* common : {&workflows_[observation.kind.workflow], &all_}) common->add(observation.kind, peak);
}

template <class Archive>
void ReplayedCostForecaster::members(Archive& archive) {
    std::vector<TaskKind> kinds;
    std::vector<std::string> tools, workflows;
    for (const auto& [kind, model] : kinds_) kinds.push_back(kind);
    for (const auto& [tool, model] : tools_) tools.push_back(tool);
    for (const auto& [workflow, common] : workflows_) workflows.push_back(workflow);
    archive(tools, workflows, all_);
    if constexpr (std::is_same_v<Archive, StateReader>) kinds.resize(archive.take_size());
    else archive.put_size(kinds.size());
    for (TaskKind& kind : kinds) {
        archive(kind.workflow, kind.step, kind.tool);
        archive(kinds_.try_emplace(kind, of_kinds_).first->second);
    }
    for (const std::string& tool : tools) archive(tools_.try_emplace(tool, of_tools_).first->second);
    for (const std::string& workflow : workflows) archive(workflows_[workflow]);
}

std::string ReplayedCostForecaster::state() {
    StateWriter writer;
    members(writer);
    return writer.take();
}

bool ReplayedCostForecaster::restore(std::string_view state) {
    PLIM_CHECK(kinds_.empty(), "what was learnt is restored before anything else is");
    StateReader reader(state);
    members(reader);
    if (reader.is_whole()) return true;
    kinds_.clear();
    tools_.clear();
    workflows_.clear();
    all_ = {};
    return false;
}

ReplayedCostForecaster::Known ReplayedCostForecaster::nearest(const TaskKind& kind, const Features& features) const {
    const auto own = kinds_.find(kind);
    if (own != kinds_.end() && own->second.samples() > 0) return {&own->second, Provenance::kind};
    for (const std::string& name : tool_and_programs(kind.tool)) {
        const auto tool = tools_.find(name);
        if (tool != tools_.end() && tool->second.speaks_for(features)) return {&tool->second, Provenance::tool};
    }
    return {};
}

/// Memory alone: cores and time of other programs say nothing.
void ReplayedCostForecaster::size_by_others(Forecast& forecast, const TaskKind& kind, const Features& features,
                                            const Terms& terms) const {
    if (terms.request.memory) return;
    const auto own = kinds_.find(kind);
    const auto workflow = workflows_.find(kind.workflow);
    const std::pair<const CommonPeak*, Provenance> others[] = {
        {workflow == workflows_.end() ? nullptr : &workflow->second, Provenance::workflow}, {&all_, Provenance::all}};
    for (const auto& [common, source] : others) {
        const std::optional<double> bound = common ? common->bound() : std::nullopt;
        if (!bound || (own != kinds_.end() && own->second.least_need(features) >= *bound)) continue;
        const Estimate estimate{.p50 = *bound / 2, .bound = *bound, .stated = {}, .measured = {}};
        set_memory(forecast, {.estimate = estimate, .model = "twice the largest of others"}, terms);
        forecast.source = source;
        forecast.samples = common->samples();
        return;
    }
}

Forecast ReplayedCostForecaster::forecast(const TaskKind& kind, const Features& features, const Terms& terms) const {
    Forecast forecast = requested(terms);
    const Known known = nearest(kind, features);
    if (!known.model) {
        forecast.is_untried = true;
        size_by_others(forecast, kind, features, terms);
        return forecast;
    }
    forecast.source = known.source;
    forecast.samples = static_cast<std::uint32_t>(known.model->samples());
    const double weight =
        known.source == Provenance::kind ? terms.failure_weight : std::max(terms.failure_weight, tool_failure_weight);
    KindModel::Memory memory = known.model->memory(features, weight);
    if (known.source == Provenance::tool && memory.estimate.bound < known.model->largest_peak()) {
        memory.estimate.bound = known.model->largest_peak();
        memory.model = "largest peak of the tool elsewhere";
    }
    set_memory(forecast, memory, terms);
    if (const std::optional<Estimate> cores = known.model->cores()) set_cores(forecast, *cores, terms);
    if (const std::optional<Estimate> runtime = known.model->runtime(features)) forecast.runtime = *runtime;
    // Other workflows call the tool in other ways: what it needed there promises nothing here.
    if (known.source == Provenance::kind) {
        forecast.memory_promised = known.model->promised_memory(features);
        forecast.transfers = known.model->transfers(features);
    }
    const double expected_s = forecast.runtime.p50;
    const Overrun overrun = overrun_of(terms.failure_weight, terms.growth_stall);
    const TaskCurve curve = known.model->curve(features, expected_s, memory.estimate.bound, overrun);
    forecast.curve = shaped_curve(curve.parts, memory.estimate.bound, forecast, terms);
    if (!curve.parts.empty()) forecast.growth = curve.growth;
    return forecast;
}

Bytes ReplayedCostForecaster::retry_memory(const TaskKind& kind, const Features& features, const Terms& terms,
                                           Bytes limit, int failed) const {
    const Known known = nearest(kind, features);
    const double wanted = known.model ? known.model->retry_memory(static_cast<double>(limit.count), failed)
                                      : 2 * static_cast<double>(limit.count);
    return within_machine(Bytes{std::llround(wanted)}, terms);
}

std::optional<RuntimeLine> ReplayedCostForecaster::runtime_line(const TaskKind& kind,
                                                                const std::string& machine) const {
    const auto own = kinds_.find(kind);
    return own == kinds_.end() ? std::nullopt : own->second.runtime_line(machine);
}

}  // namespace plimsoll::forecast
