// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/simulate/simulated_run.h"

#include <fmt/format.h>

#include <utility>

namespace plimsoll::simulate {
namespace {

/// The most that one task could hold anywhere.
Resources largest_of(const std::vector<Node>& nodes) {
    Resources largest;
    for (const Node& node : nodes) largest = max_of(largest, node.capacity);
    return largest;
}

// Nothing started, ended or told for so many ticks: samples and rechecks of a day of waiting fit in.
constexpr int idle_ticks_at_most = 200'000;

}  // namespace

SimulatedRun::SimulatedRun(const Setup& setup, forecast::Forecaster& forecaster)
    : engine_(clock_, setup.nodes, setup.truth),
      limits_(engine_, setup.abilities),
      usage_(engine_),
      workspace_(setup.truth, setup.files),
      store_(setup.store, setup.seed, clock_, engine_),
      machine_(largest_of(setup.nodes)) {
    clock_.advance_to(setup.begins);
    loop::Options options;
    options.run = "simulated";
    options.folder = "/simulated";
    options.log_folder = "/simulated/logs";
    options.machine = setup.machine;
    options.policy = setup.policy;
    options.risk = setup.risk;
    options.memory_headroom = setup.memory_headroom;
    options.keep_going = setup.keep_going;
    options.shape = setup.shape;
    options.queues = setup.queues;
    loop_ = std::make_unique<loop::Loop>(
        options, loop::Edges{clock_, engine_, limits_, usage_, workspace_, store_, machine_, forecaster, setup.warmer});
}

Error SimulatedRun::no_end() const {
    const loop::TaskTable& tasks = loop_->tasks();
    std::string open;
    for (TaskId id = 0; id < tasks.size(); ++id)
        if (tasks[id].state <= TaskState::running)
            open += fmt::format(" {} ({})", tasks[id].task.name, name_of(tasks[id].state));
    return {ErrorKind::damaged, "the run does not come to an end; open are:" + open};
}

Result<void> SimulatedRun::play(const AfterTick& after_tick) {
    int idle = 0;
    while (!loop_->done() && !is_killed_) {
        const std::vector<loop::Event> events = PLIM_TRY(loop_->tick());
        if (after_tick) after_tick(events);
        idle = events.empty() && !engine_.has_news_ahead() ? idle + 1 : 0;
        if (idle > idle_ticks_at_most || engine_.waits_for_ever()) return no_end();
    }
    return {};
}

Result<std::vector<loop::Event>> SimulatedRun::finish(const AfterTick& after_tick) {
    std::vector<loop::Event> all;
    PLIM_TRY(play([&](const std::vector<loop::Event>& events) {
        if (after_tick) after_tick(events);
        all.insert(all.end(), events.begin(), events.end());
    }));
    return all;
}

}  // namespace plimsoll::simulate
