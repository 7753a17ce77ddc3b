// SPDX-License-Identifier: Apache-2.0
// What can be said of deadlines and makespans before anything is planned: bounds that any schedule obeys or keeps.
#pragma once

#include <optional>
#include <span>

#include "plimsoll/base/time.h"

namespace plimsoll::schedule {

/// Work that comes back: so much each period, to be done within the deadline from when it comes.
struct Periodic {
    Duration work{};
    Duration deadline{};
    Duration period{};
};

/// The work that comes and is due within any stretch of that length, at the most: EDF on one processor keeps all
/// deadlines if and only if it is never longer than the stretch (Baruah, Mok and Rosier 1990).
Duration demand_bound(std::span<const Periodic> tasks, Duration stretch);

/// A DAG of tasks: all its work together, on one core, and its longest path.
struct DagWork {
    Duration work{};
    Duration longest_path{};
};

/// So many cores of its own keep its deadline whatever the order (federated scheduling, Li et al. 2014); nothing where
/// no number of them does.
std::optional<int> federated_cores(const DagWork& dag, Duration deadline);

/// No schedule that never leaves a core idle while a task could run takes longer (Graham 1969).
Duration graham_bound(const DagWork& dag, double cores);

}  // namespace plimsoll::schedule
