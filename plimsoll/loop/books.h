// SPDX-License-Identifier: Apache-2.0
// Books: what a run knows of itself, for all parts of the loop: its tasks and where each stands, what is held where,
// who waits in which queue and for what. They say how things are; what to do about it the parts decide, each for its
// own concern.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "plimsoll/allocate/pool.h"
#include "plimsoll/loop/ask.h"
#include "plimsoll/loop/edges.h"
#include "plimsoll/loop/event.h"
#include "plimsoll/loop/journal.h"
#include "plimsoll/loop/options.h"
#include "plimsoll/loop/running_attempts.h"
#include "plimsoll/loop/task_table.h"
#include "plimsoll/schedule/devices.h"
#include "plimsoll/schedule/queues.h"

namespace plimsoll::loop {

struct Books {
    Books(Options told, Edges world);
    Books(const Books&) = delete;  // claims know their pool
    Books& operator=(const Books&) = delete;

    Options options;
    Edges edges;
    Journal journal;
    TaskTable tasks;
    std::vector<Node> nodes;  ///< all that there are, whether they are there just now or not
    allocate::Pool pool;
    std::vector<schedule::DeviceNode>
        devices;              ///< of each node: what this run leaves of its GPUs; empty: there are none
    RunningAttempts running;  ///< after the pool: their claims go first
    schedule::Queues queue;
    std::unordered_map<TaskId, Queued> asks;  ///< of the tasks in the queue
    Instant run_start{};
    StopMode stop = StopMode::none;
    bool replan = true;         ///< something changed since the last plan
    std::uint32_t lacking = 0;  ///< as that plan told (Plan::lacking)
    Resources held_told;        ///< what the capacity believes this run holds

    /// What all shares are taken of: the machine, or all nodes of a cluster.
    Resources shared_capacity() const;
    /// One node is a machine that is shared with others; more are a cluster that keeps its own books.
    bool is_one_machine() const { return nodes.size() == 1; }
    Bytes free_memory(NodeId node, Instant now) const;
    /// What this run and the others leave of a node's GPUs. Only where there are any.
    schedule::DeviceNode free_devices(NodeId node) const;
    /// Thousandths of each GPU of the machine that this run holds.
    std::vector<int> held_devices() const;
    /// Of each node, by id; negative where more is held than there is.
    std::vector<Resources> free_at(Instant now) const;

    Event event(EventKind kind, TaskId id) const;
    /// Of an attempt whose amounts, or whether it runs, have just changed.
    Event shaped_event(EventKind kind, const RunningAttempt& attempt, std::string reason) const;
    /// Writes down how the task stands.
    void record_task(TaskId id);
};

}  // namespace plimsoll::loop
