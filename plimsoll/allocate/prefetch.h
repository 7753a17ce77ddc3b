// SPDX-License-Identifier: Apache-2.0
// What to read ahead: the inputs of tasks that come next, the soonest first. Where it is known when a task will start,
// from a lead time before; where it is not, after all that is known, so that a guess never delays what is sure.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "plimsoll/base/time.h"
#include "plimsoll/model/task.h"

namespace plimsoll::allocate {

/// A task that waits for room, or for tasks that run.
struct Coming {
    TaskId task = 0;
    std::optional<Instant> start;  ///< when that is expected; nothing where what it waits for has no known runtime
    double rank = 0;               ///< which of equals goes first
};

/// The tasks whose inputs are worth reading ahead now, in the order in which they will be wanted.
std::vector<TaskId> worth_prefetching(std::span<const Coming> coming, Instant now, Duration lead);

}  // namespace plimsoll::allocate
