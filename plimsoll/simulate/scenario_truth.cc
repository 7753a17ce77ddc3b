// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/simulate/scenario_truth.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "plimsoll/base/random.h"

namespace plimsoll::simulate {
namespace {

Behaviour varied(const StepTruth& truth, Rng& rng) {
    Behaviour behaviour = truth.typical;
    const double size = std::exp(truth.input_spread * rng.normal());
    behaviour.input_bytes = behaviour.input_bytes * size;
    behaviour.memory_peak = behaviour.memory_peak * (size * std::exp(truth.spread * rng.normal()));
    behaviour.runtime = from_seconds(seconds(behaviour.runtime) * size * std::exp(truth.spread * rng.normal()));
    return behaviour;
}

Behaviour with_fault(Behaviour behaviour, const StepFault& fault) {
    behaviour.memory_peak = behaviour.memory_peak * fault.memory;
    behaviour.runtime = from_seconds(seconds(behaviour.runtime) * fault.runtime);
    if (fault.exit_code != 0) behaviour.exit_code = fault.exit_code;
    behaviour.input_changes |= fault.input_changes;
    behaviour.can_start &= !fault.cannot_start;
    behaviour.is_refused |= fault.is_refused;
    behaviour.ignores_terminate |= fault.ignores_terminate;
    return behaviour;
}

}  // namespace

Truth truth_of(const Scenario& scenario, int run) {
    struct OfTask {
        Behaviour usual;
        std::vector<StepFault> faults;
    };
    Rng rng(scenario.seed * 1000 + static_cast<std::uint64_t>(run));
    std::map<std::string, OfTask> all;
    for (const Task& task : scenario.workflow.tasks) {
        const auto truth = scenario.truths.find(task.step->name);
        OfTask& one = all[task.name];
        one.usual = varied(truth == scenario.truths.end() ? StepTruth{} : truth->second, rng);
        one.usual.up_to_date = run == 1 && std::ranges::count(scenario.up_to_date, task.step->name) > 0;
        std::ranges::copy_if(scenario.step_faults, std::back_inserter(one.faults), [&](const StepFault& fault) {
            return fault.step == task.step->name && fault.at_run.value_or(run) == run;
        });
    }
    return [all = std::move(all)](const std::string& task, int attempt) {
        const OfTask& one = all.at(task);
        Behaviour behaviour = one.usual;
        for (const StepFault& fault : one.faults)
            if (attempt <= fault.attempts) behaviour = with_fault(behaviour, fault);
        return behaviour;
    };
}

ArrivingSource::ArrivingSource(const Scenario& scenario, SimulatedEngine& engine, const Clock& clock)
    : scenario_(scenario) {
    Instant last{};
    for (const Task& task : scenario.workflow.tasks) {
        const auto truth = scenario.truths.find(task.step->name);
        if (truth != scenario.truths.end()) last = std::max(last, Instant(truth->second.arrives));
        if (last > clock.now() && (arrivals_.empty() || arrivals_.back() < last)) engine.at(last, [] {});
        arrivals_.push_back(last);
    }
}

std::vector<Task> ArrivingSource::poll(TaskId next_id, Instant now) {
    const auto end = std::ranges::upper_bound(arrivals_, now);
    const auto first = scenario_.workflow.tasks.begin();
    sent_ = std::max(next_id, static_cast<TaskId>(end - arrivals_.begin()));
    return {first + next_id, first + sent_};
}

}  // namespace plimsoll::simulate
