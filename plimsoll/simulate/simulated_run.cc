// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/simulate/simulated_run.h"

#include <utility>

namespace plimsoll::simulate {
namespace {

Resources total_of(const std::vector<Node>& nodes) {
    Resources total;
    for (const Node& node : nodes) total += node.capacity;
    return total;
}

}  // namespace

SimulatedRun::SimulatedRun(Setup setup, forecast::Forecaster& forecaster)
    : engine_(clock_, setup.nodes, setup.truth),
      usage_(engine_),
      workspace_(setup.truth),
      capacity_(total_of(setup.nodes)) {
    loop::Options options;
    options.run = "simulated";
    options.folder = "/simulated";
    options.log_folder = "/simulated/logs";
    options.machine = "simulated";
    options.keep_going = setup.keep_going;
    loop_ = std::make_unique<loop::Loop>(
        options, loop::Edges{clock_, engine_, usage_, workspace_, store_, capacity_, forecaster});
}

Result<std::vector<loop::Event>> SimulatedRun::finish() {
    std::vector<loop::Event> all;
    while (!loop_->done()) {
        std::vector<loop::Event> events = PLIM_TRY(loop_->tick());
        all.insert(all.end(), std::make_move_iterator(events.begin()), std::make_move_iterator(events.end()));
    }
    return all;
}

}  // namespace plimsoll::simulate
