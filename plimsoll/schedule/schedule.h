// SPDX-License-Identifier: Apache-2.0
// Queue + what is free -> Plan: critical path first, best fit, backfill with predicted runtimes.
#pragma once

#include <functional>
#include <set>
#include <vector>

#include "plimsoll/model/plan.h"

namespace plimsoll::schedule {

/// A task that could start now, and what it asks for.
struct Candidate {
    TaskId task = 0;
    Resources amounts;
    Duration runtime{};        ///< as reserved (the bound)
    double priority = 0;       ///< the user's
    double rank = 0;           ///< seconds of the longest path from its start to the end of the work that is known
    Instant ready{};
    Instant latest_start = Instant::max();  ///< to meet a deadline; max: none
};

/// What runs now on a node.
struct Running {
    TaskId task = 0;
    Reservation reservation;
};

struct Snapshot {
    Instant now{};
    std::vector<Node> nodes;       ///< capacity that this run may hold
    std::vector<Running> running;
};

/// The ready tasks in the order in which they are considered: an ordered set, so that a tick costs only
/// what it looks at, whatever waits behind.
class Queue {
public:
    void push(const Candidate& candidate);
    void erase(TaskId task);
    bool empty() const;
    std::size_t size() const;
    // ... iteration in order for plan()
};

}  // namespace plimsoll::schedule
