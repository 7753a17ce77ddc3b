// SPDX-License-Identifier: Apache-2.0
// What goes wrong around the tasks of a simulated run, and when: machines, disks, clocks, limits, and Plimsoll itself.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plimsoll/base/time.h"
#include "plimsoll/model/plan.h"
#include "plimsoll/model/resources.h"
#include "plimsoll/simulate/simulated_run.h"

namespace plimsoll::simulate {

struct WorldFault {
    enum class Kind {
        others,          ///< others hold `amounts` of the machine
        history_full,    ///< the history cannot be written
        disk_full,       ///< nor can anything else: no log, so no start; what ends meanwhile fails
        node_lost,       ///< with all that runs there
        node_slow,       ///< to `factor` of its speed
        telemetry_lost,  ///< no use can be read
        limits_refused,  ///< no limit can be written
        limits_changed,  ///< at once: somebody else changes one
        clock_jumps,     ///< at once: the clock for people goes by `length`, back where that is negative
        suspended,       ///< at once: all stands still for `length`
        runner_killed,   ///< at once: Plimsoll dies, and is started again at `until`
    };
    Kind kind = Kind::others;
    Duration from{};   ///< after the start of each run
    Duration until{};  ///< of those that last; from of those that happen at once
    NodeId node = 0;
    double factor = 1;
    Duration length{};
    Resources amounts;
    std::string queue = {};  ///< of others: another run's, that holds them there; "": of the machine at large
    std::optional<Resources> waits = {};  ///< and waits there for so much
};

/// Does it last, or happen at once?
bool lasts(WorldFault::Kind kind);

/// Has the faults happen in the run, those that are over by its start left out. A killed runner is not among them:
/// whoever plays the run starts it again.
void arrange(const std::vector<WorldFault>& faults, SimulatedRun& run);

/// The first death of the runner after that instant; null where it lives.
const WorldFault* next_death(const std::vector<WorldFault>& faults, Instant after);

}  // namespace plimsoll::simulate
