// SPDX-License-Identifier: Apache-2.0
// Queue + what is free -> Plan: critical path first, best fit, backfill with predicted runtimes.
//
// Tasks are taken in the queue's order and start if they fit from now to their predicted end. The first
// that does not fit gets its earliest start in the calendar held for it; those behind it start only
// where they leave that hold alone: because they end before, or because there is room beside it (EASY,
// Lifka 1995; with `holds` above 1 it approaches conservative backfilling).
//
// Nobody waits for ever. Ageing (queue.h) makes every task the first in line in the end; and once the
// first in line is later than it was promised by more than `patience`, because predictions were wrong,
// others start only where it could not have run anyway.
#pragma once

#include <span>

#include "plimsoll/model/calendar.h"
#include "plimsoll/model/free_index.h"
#include "plimsoll/model/plan.h"
#include "plimsoll/schedule/devices.h"
#include "plimsoll/schedule/queue.h"
#include "plimsoll/schedule/queues.h"

namespace plimsoll::schedule {

/// A start that is kept for a task.
struct Promise {
    TaskId task = 0;
    Reservation reservation;
};

/// What is held on each node over time, by node id, running tasks included: a task that runs past its
/// predicted end still holds its amounts beyond `now` (allocate::Pool::advance sees to that).
struct Snapshot {
    Instant now{};
    std::span<const Calendar> nodes;
    const FreeIndex* free = nullptr;  ///< of these nodes now, to find room among many of them faster
    /// Room kept for tasks that are due, ready or not. What starts leaves it alone, but for the task it is kept for.
    std::span<const Promise> promises = {};
    /// Where GPUs are told apart: what is free of each, of each node by id. A task starts only on devices that have
    /// room for it, which halves of two have not for a whole one.
    std::span<const DeviceNode> devices = {};
};

struct Policy {
    int holds = 1;         ///< how many waiting tasks keep a start that nobody may delay
    int look_ahead = 128;  ///< how many different asks that do not fit a tick looks at before it gives up
    Duration unknown_runtime = std::chrono::hours(1);  ///< stands in where nothing is known
    Duration patience = std::chrono::seconds(60);  ///< beyond the promised start, or the task's own runtime if longer
    int candidates = 64;  ///< of the nodes where a task fits so many are compared, from the lowest id
    Duration deadline_margin = std::chrono::seconds(30);  ///< a task this near to its latest start goes first
};

/// The starts of this instant, each fitting beside all before it, and what waits. Takes nothing out of the
/// queue (erase what was started), but notes there what was promised. The cost grows with what it
/// starts and with the look-ahead, not with the queue.
Plan plan(Queue& queue, const Snapshot& snapshot, const Policy& policy = {});
/// Likewise of many queues: whose turn it is decides, and then the order within the queue (share_tree.h). The first
/// that does not fit keeps its start, whichever queue it is in. It tries turns out on the shares and undoes them.
Plan plan(Queues& queues, const Snapshot& snapshot, const Policy& policy = {});

}  // namespace plimsoll::schedule
