// SPDX-License-Identifier: Apache-2.0
// What must hold of shares where queues take back what was borrowed, and the books tell exactly: queues of one level
// that share by `fair` and reclaim, tasks that all hold the same and need nothing of each other. Watched from outside,
// by the events alone.
//
// A task is a share s of the machine, w / W is due to a queue of weight w (W: of all that have work), n of its tasks
// run. Then no queue j in which somebody waits holds s n_j < due_j while some queue i could give a task and keep its
// own, s (n_i - 1) >= due_i, for longer than j waits before it reclaims and it takes to do it: also where j came late,
// so that the bound of share_laws.h is kept by whoever waits long enough. Tasks that have just begun, or were ended for
// others as often as may be, are not given.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "plimsoll/loop/event.h"
#include "plimsoll/simulate/scenario.h"

namespace plimsoll::simulate {

/// Is it so plain that this law holds?
bool has_plain_reclaim(const Scenario& scenario);

class ReclaimLaws {
public:
    /// Of one start of Plimsoll in a scenario of plain reclaim, which outlives it. `broke` hears what broke.
    ReclaimLaws(const Scenario& scenario, std::function<void(std::string)> broke);

    /// What a tick told, and when it is over.
    void hear(const std::vector<loop::Event>& told, Instant now);

private:
    struct OfTask {
        std::size_t queue = 0;
        Instant arrives{};
        enum class State { waits, runs, stands, done } state = State::waits;
        Instant since{};  ///< of `runs`
        int ended_for_others = 0;
    };
    struct OfQueue {
        int waiting = 0, running = 0, standing = 0;
        int given = 0;  ///< running tasks that may be stopped
    };
    std::map<std::size_t, OfQueue> count(Instant now) const;
    void nobody_waits_too_long(Instant now);

    const Scenario& scenario_;
    std::function<void(std::string)> broke_;
    std::vector<OfTask> tasks_;
    double task_share_ = 0;
    std::map<std::size_t, Instant> waits_since_;  ///< below its share, while another could give
};

}  // namespace plimsoll::simulate
