// SPDX-License-Identifier: Apache-2.0
// Preemption: who makes room for a task that must start, and whether that is worth it.
//
// On each node those who may be stopped are taken cheapest first for what they free, until the task would fit; whoever
// turns out not to be needed is spared; the node where that costs least is taken. The freed set is added up before
// anybody is touched: where the task would not fit even then, nobody is stopped.
//
// Stopping costs the work since the last checkpoint, which is done again, and what it takes to begin again; freezing
// costs nothing of that but frees no memory. It is done where the benefit is more than that by a fifth, so that two
// tasks do not stop each other in turns, and never to who has just begun.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "plimsoll/base/time.h"
#include "plimsoll/model/plan.h"
#include "plimsoll/model/resources.h"
#include "plimsoll/model/task.h"

namespace plimsoll::schedule {

enum class StopKind {
    freeze,   ///< it stands still and keeps its memory
    restart,  ///< it is ended, and runs again from its last checkpoint, or from the beginning
};

/// A running attempt that may be stopped for others.
struct Stoppable {
    TaskId task = 0;
    NodeId node = 0;
    std::size_t queue = 0;  ///< its place in the list of queues
    Resources held;
    bool can_freeze = false;
    Duration ran{};                 ///< since it began, or went on
    double since_checkpoint_s = 0;  ///< of work that would be done again
    double restart_s = 0;           ///< until it is where it was, beside that work
};

struct PreemptionTerms {
    double hysteresis = 1.2;
    Duration quantum = std::chrono::seconds(5);  ///< nobody is stopped before he ran so long
};

struct Preemption {
    struct Victim {
        TaskId task = 0;
        StopKind kind = StopKind::freeze;
        double cost_s = 0;  ///< core-seconds
        bool operator==(const Victim&) const = default;
    };
    NodeId node = 0;
    std::vector<Victim> victims;  ///< in the order in which they were chosen
    double cost_s = 0;            ///< core-seconds lost, all together
    double benefit_s = 0;
};

struct Needy {
    Resources ask;
    double benefit_s = 0;  ///< core-seconds that starting it now is worth
};

/// What to stop so that it fits; nothing where nobody would have to, where it would not fit all the same, or where it
/// is not worth it. `free`: of each node, by id; negative where more is held than there is.
std::optional<Preemption> preempt_for(const Needy& needy, std::span<const Stoppable> running,
                                      std::span<const Resources> free, const PreemptionTerms& terms = {});

}  // namespace plimsoll::schedule
