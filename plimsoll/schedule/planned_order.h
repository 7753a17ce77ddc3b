// SPDX-License-Identifier: Apache-2.0
// PlannedOrder: several orders are rehearsed before the work begins, and the one that is done soonest is kept. The
// longest path first is a good order, but it does not see that cores or memory are short: what is short decides as much
// as what is long.
//
// Tried are the longest path, the path that weighs tasks by what they hold of the machine, and the work that hangs on
// each; and of each what comes of it when the plan is turned round: all tasks as late as they can be without putting
// off the end, then all as early as that order allows, again and again as long as it helps (forward-backward
// improvement; Li and Willis 1992, Tormos and Lova 2001). What is left of the search then moves tasks in the best order
// by chance and turns that round, too (Tormos and Lova call it sampling with forward-backward passes). It ends early
// where no order can be much better: no run is shorter than the longest path, or than what tasks hold of a kind by what
// there is of it.
#pragma once

#include <span>
#include <vector>

#include "plimsoll/schedule/dry_run.h"

namespace plimsoll::schedule {

struct OrderSearch {
    std::size_t placements = 100'000;  ///< tasks x rehearsals at the most; one takes some 10 us
    double cost_most = 0.002;          ///< and all of them this share of what the work takes at least
    double worth = 0.01;               ///< by so much of the makespan an order must be better than the longest path
};

struct PlannedOrder {
    /// By task: seconds from its start in the best plan to the end of all. Comparable with the longest path from there,
    /// which is what it would be without limits. Empty: no order was better by `worth` than the longest path first.
    std::vector<double> ranks;
    Duration by_paths{};      ///< the makespan of the longest path first
    Duration makespan{};      ///< and of the best order
    Duration no_less_than{};  ///< what no order can be shorter than
    int rehearsals = 0;
};

/// Of work that is known as a whole, on empty nodes. Deterministic. Where even three rehearsals exceed the search, none
/// is made.
PlannedOrder planned_order(std::span<const DryTask> tasks, std::span<const Node> nodes,
                           const std::vector<QueueSpec>& queues = default_queues(), const OrderSearch& search = {});
/// The work with the ranks of that order.
std::vector<DryTask> in_planned_order(std::span<const DryTask> tasks, std::span<const Node> nodes,
                                      const std::vector<QueueSpec>& queues = default_queues(),
                                      const OrderSearch& search = {});

}  // namespace plimsoll::schedule
