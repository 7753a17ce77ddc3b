// SPDX-License-Identifier: Apache-2.0
// A whole run on a machine that is not there: the loop with simulated edges, from the first tick to the last.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "plimsoll/forecast/forecaster.h"
#include "plimsoll/history/memory_store.h"
#include "plimsoll/loop/loop.h"
#include "plimsoll/simulate/simulated_world.h"

namespace plimsoll::simulate {

class SimulatedRun {
public:
    struct Setup {
        std::vector<Node> nodes;  ///< one node: its capacity is the machine
        Truth truth;
        bool keep_going = false;
    };
    /// `forecaster` outlives the run and keeps what it learns, so that runs can follow one another.
    SimulatedRun(Setup setup, forecast::Forecaster& forecaster);

    loop::Loop& loop() { return *loop_; }
    ManualClock& clock() { return clock_; }
    history::MemoryStore& store() { return store_; }
    const SimulatedEngine& engine() const { return engine_; }
    const SimulatedWorkspace& workspace() const { return workspace_; }

    /// Ticks until the run is done; gives all events. The error is the loop's.
    Result<std::vector<loop::Event>> finish();

private:
    ManualClock clock_;
    SimulatedEngine engine_;
    SimulatedUsage usage_;
    SimulatedWorkspace workspace_;
    history::MemoryStore store_;
    WholeMachine capacity_;
    std::unique_ptr<loop::Loop> loop_;
};

}  // namespace plimsoll::simulate
