// SPDX-License-Identifier: Apache-2.0
// Workflows on a cluster by the rivals' rules, in our own words: FIFO with best fit, and HEFT. All know what the
// product knows: the amounts as they are reserved and how long each task runs.
#pragma once

#include <span>

#include "plimsoll/schedule/dry_run.h"

namespace plimsoll::benches {

/// Ready tasks in the order in which they became ready (of equals in the workflow's), each on the node that it fills
/// best; one that fits nowhere now waits and lets others pass.
Duration fifo_best_fit(std::span<const schedule::DryTask> tasks, std::span<const Node> nodes);

/// HEFT (Topcuoglu, Hariri and Wu 2002): by upward rank, each where it ends first, into gaps too. A plan of the whole
/// run before it begins.
Duration heft(std::span<const schedule::DryTask> tasks, std::span<const Node> nodes);

/// No run of them is shorter: the longest path, and the work by cores and by memory.
Duration lower_bound(std::span<const schedule::DryTask> tasks, std::span<const Node> nodes);

}  // namespace plimsoll::benches
