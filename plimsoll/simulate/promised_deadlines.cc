// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/simulate/promised_deadlines.h"

#include <algorithm>

namespace plimsoll::simulate {
namespace {

bool has_deadline(const Step& step) { return step.deadline.has_value(); }

/// A task that nears its limit is given more, which nobody foresaw.
constexpr double used_at_most = 0.6;

}  // namespace

bool keeps_to(const Request& request, const StepTruth& truth) {
    return request.cpu && request.memory && request.time && !request.gpu && !request.disk && truth.spread == 0 &&
           truth.input_spread == 0 && truth.typical.cpu <= *request.cpu &&
           truth.typical.memory_peak <= *request.memory * used_at_most && truth.typical.runtime <= *request.time &&
           truth.typical.runtime > Duration::zero();
}

bool is_undisturbed(const Scenario& scenario) {
    return scenario.forecaster == "request" && scenario.faults.empty() && scenario.step_faults.empty() &&
           scenario.up_to_date.empty() && !scenario.stop;
}

bool do_forecasts_hold(const Scenario& scenario) {
    const bool all_keep = std::ranges::all_of(scenario.workflow.steps, [&](const Step& step) {
        const auto truth = scenario.truths.find(step.name);
        return truth != scenario.truths.end() && keeps_to(step.request, truth->second) &&
               truth->second.arrives == Duration::zero() && (!step.timeout || *step.timeout > *step.request.time);
    });
    return all_keep && is_undisturbed(scenario) && scenario.config.empty();
}

schedule::Admission admission_of(const Scenario& scenario) {
    std::vector<schedule::DryTask> tasks;
    for (const Task& task : scenario.workflow.tasks) {
        const Request& request = task.step->request;
        schedule::DryTask& made = tasks.emplace_back();
        made.amounts = {.cpu = request.cpu.value_or(Cores{}), .memory = request.memory.value_or(Bytes{})};
        made.runtime = made.takes = request.time.value_or(Duration{});
        made.priority = task.step->priority;
        made.needs = task.needs;
        made.deadline = task.step->deadline;
    }
    std::vector<Calendar> nodes;
    for (const Node& node : scenario.nodes) nodes.emplace_back(node.capacity);
    return schedule::admit(tasks, nodes);
}

bool are_promised(const Scenario& scenario) {
    if (!do_forecasts_hold(scenario) || std::ranges::none_of(scenario.workflow.steps, has_deadline)) return false;
    const schedule::Admission admission = admission_of(scenario);
    return admission.missed.empty() && admission.unknown.empty();
}

}  // namespace plimsoll::simulate
