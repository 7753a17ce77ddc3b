// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/simulate/scenario.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "plimsoll/base/random.h"
#include "plimsoll/base/text.h"
#include "plimsoll/simulate/laws.h"

namespace plimsoll::simulate {
namespace {

using Behaviours = std::map<std::string, Behaviour>;

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
    behaviour.ignores_terminate |= fault.ignores_terminate;
    return behaviour;
}

Truth truth_of(const Scenario& scenario, int run) {
    Rng rng(scenario.seed * 1000 + static_cast<std::uint64_t>(run));
    Behaviours behaviours;
    std::map<std::string, std::string> steps;
    for (const Task& task : scenario.workflow.tasks) {
        const auto truth = scenario.truths.find(task.step->name);
        Behaviour behaviour = varied(truth == scenario.truths.end() ? StepTruth{} : truth->second, rng);
        behaviour.up_to_date = run == 1 && std::ranges::count(scenario.up_to_date, task.step->name) > 0;
        behaviours.emplace(task.name, behaviour);
        steps.emplace(task.name, task.step->name);
    }
    return [faults = scenario.step_faults, run, behaviours = std::move(behaviours), steps = std::move(steps)](
               const std::string& task, int attempt) {
        Behaviour behaviour = behaviours.at(task);
        for (const StepFault& fault : faults)
            if (fault.step == steps.at(task) && fault.at_run.value_or(run) == run && attempt <= fault.attempts)
                behaviour = with_fault(behaviour, fault);
        return behaviour;
    };
}

void arrange(SimulatedRun& run, const Scenario& scenario, const Truth& truth) {
    for (const OthersFault& others : scenario.others) {
        run.engine().at(Instant(others.from), [&] { run.machine().others_hold(others.amounts); });
        run.engine().at(Instant(others.until), [&] { run.machine().others_hold({}); });
    }
    if (scenario.stop) run.engine().at(Instant(scenario.stop->first), [] {});
    for (const Task& task : scenario.workflow.tasks)
        for (const OutputFile& output : task.outputs)
            if (output.temporary && truth(task.name, 1).up_to_date) run.workspace().forget(output.path);
}

/// Tasks with a deadline that finished after it, or not at all.
int deadlines_missed(const Scenario& scenario, const Played& played) {
    int missed = 0;
    for (const Task& task : scenario.workflow.tasks) {
        if (!task.step->deadline) continue;
        const bool met = std::ranges::any_of(played.attempts, [&](const AttemptRecord& attempt) {
            return attempt.id.task == task.id && attempt.outcome->ending == Ending::finished &&
                   *attempt.ended - WallTime{} <= *task.step->deadline;
        });
        missed += !met;
    }
    return missed;
}

Result<Played> play_run(const Scenario& scenario, int number, forecast::Forecaster& forecaster) {
    const Truth truth = truth_of(scenario, number);
    SimulatedRun run({.nodes = scenario.nodes,
                      .truth = truth,
                      .keep_going = scenario.keep_going,
                      .shape = scenario.shape,
                      .store = scenario.store,
                      .seed = scenario.seed},
                     forecaster);
    arrange(run, scenario, truth);
    workflow::FixedSource source(scenario.workflow.tasks);
    Laws laws(scenario.workflow, run);
    run.loop().add(source);
    Played played;
    played.events = PLIM_TRY(run.finish([&](const std::vector<loop::Event>& told) {
        laws.after_tick(told);
        if (scenario.stop && run.clock().now() >= Instant(scenario.stop->first)) run.loop().stop(scenario.stop->second);
    }));
    laws.at_the_end(static_cast<TaskId>(scenario.workflow.tasks.size()));
    if (!laws.broken().empty()) return Error{ErrorKind::damaged, join(laws.broken(), "\n")};
    for (history::AttemptEnded& ended : run.store().all<history::AttemptEnded>())
        played.attempts.push_back(std::move(ended.attempt));
    played.tasks = run.store().tasks();
    played.deleted = run.workspace().deleted();
    played.state = run.loop().state();
    played.makespan = run.clock().now().time_since_epoch();
    played.deadlines_missed = deadlines_missed(scenario, played);
    return played;
}

}  // namespace

Result<std::vector<Played>> play(const Scenario& scenario) {
    const auto forecaster = forecast::make_forecaster(scenario.forecaster);
    if (!forecaster) return invalid(fmt::format("no forecaster is called '{}'", scenario.forecaster));
    std::vector<Played> runs;
    for (int run = 1; run <= scenario.runs; ++run) {
        auto played = play_run(scenario, run, *forecaster);
        if (!played) return played.error().within(fmt::format("run {}", run));
        runs.push_back(std::move(*played));
    }
    return runs;
}

}  // namespace plimsoll::simulate
