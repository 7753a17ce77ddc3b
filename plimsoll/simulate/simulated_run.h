// SPDX-License-Identifier: Apache-2.0
// A whole run on a machine that is not there: the loop with simulated edges, from the first tick to the last.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "plimsoll/forecast/forecaster.h"
#include "plimsoll/history/memory_store.h"
#include "plimsoll/loop/loop.h"
#include "plimsoll/simulate/lagging_store.h"
#include "plimsoll/simulate/simulated_world.h"

namespace plimsoll::simulate {

class SimulatedRun {
public:
    struct Setup {
        std::vector<Node> nodes;  ///< one node: its capacity is the machine
        Truth truth;
        bool keep_going = false;
        loop::ShapeMode shape = loop::ShapeMode::full;
        schedule::Policy policy = {};
        std::optional<Risk> risk = {};
        Bytes memory_headroom{};
        std::string machine = "simulated";  ///< whose runtimes count
        shape::Abilities abilities = {.limits_memory = true, .notices = true, .freezes = true};
        StoreBehaviour store;
        std::vector<QueueSpec> queues = default_queues();
        std::uint64_t seed = 1;  ///< of the store's lags
        Instant begins{};        ///< a start that is not the first: what stood on the disk then
        Files files = {};
        shape::Warmer* warmer = nullptr;  ///< outlives the run; none: nothing is read ahead
    };
    /// `forecaster` outlives the run and keeps what it learns, so that runs can follow one another.
    SimulatedRun(const Setup& setup, forecast::Forecaster& forecaster);

    loop::Loop& loop() { return *loop_; }
    ManualClock& clock() { return clock_; }
    SimulatedEngine& engine() { return engine_; }
    SimulatedLimits& limits() { return limits_; }
    SimulatedUsage& usage() { return usage_; }
    SimulatedWorkspace& workspace() { return workspace_; }
    SharedMachine& machine() { return machine_; }
    const history::MemoryStore& store() const { return store_.kept(); }
    std::uint64_t durable_through() const { return store_.durable_through(); }

    /// Plimsoll dies here and now: no tick comes after this one, and what is not durable is lost.
    void kill() { is_killed_ = true; }
    bool is_killed() const { return is_killed_; }

    /// Ticks until the run is done, or killed; gives all events. The error is the loop's, or says that the run does not
    /// come to an end. `after_tick` sees the events of each tick.
    using AfterTick = std::function<void(const std::vector<loop::Event>&)>;
    Result<std::vector<loop::Event>> finish(const AfterTick& after_tick = {});
    /// The same, and keeps no events: for runs of millions of tasks.
    Result<void> play(const AfterTick& after_tick = {});

private:
    Error no_end() const;

    ManualClock clock_;
    SimulatedEngine engine_;
    SimulatedLimits limits_;
    SimulatedUsage usage_;
    SimulatedWorkspace workspace_;
    LaggingStore store_;
    SharedMachine machine_;
    std::unique_ptr<loop::Loop> loop_;
    bool is_killed_ = false;
};

}  // namespace plimsoll::simulate
