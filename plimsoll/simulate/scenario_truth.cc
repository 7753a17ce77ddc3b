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

std::vector<Instant> arrivals_of(const Scenario& scenario) {
    std::vector<Instant> arrivals;
    Instant last{};
    for (const Task& task : scenario.workflow.tasks) {
        const auto truth = scenario.truths.find(task.step->name);
        if (truth != scenario.truths.end()) last = std::max(last, Instant(truth->second.arrives));
        arrivals.push_back(last);
    }
    return arrivals;
}

ArrivingSource::ArrivingSource(const std::vector<Task>& tasks, std::vector<Instant> arrivals, SimulatedEngine& engine,
                               const Clock& clock)
    : tasks_(tasks), arrivals_(std::move(arrivals)) {
    for (std::size_t at = 0; at < arrivals_.size(); ++at)
        if (arrivals_[at] > clock.now() && (at == 0 || arrivals_[at - 1] < arrivals_[at]))
            engine.at(arrivals_[at], [] {});
}

std::vector<Task> ArrivingSource::poll(TaskId next_id, Instant now) {
    const auto end = std::ranges::upper_bound(arrivals_, now);
    sent_ = std::max(next_id, static_cast<TaskId>(end - arrivals_.begin()));
    return {tasks_.begin() + next_id, tasks_.begin() + sent_};
}

}  // namespace plimsoll::simulate
