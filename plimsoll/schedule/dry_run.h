// SPDX-License-Identifier: Apache-2.0
// A run on values alone: the same plan() as live, with forecasts in the place of tasks. For --dry-run and
// for what-if questions.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "plimsoll/model/plan.h"
#include "plimsoll/schedule/schedule.h"

namespace plimsoll::schedule {

struct DryTask {
    Resources amounts;               ///< as they would be reserved
    std::vector<Phase> phases = {};  ///< as in Reservation
    Duration runtime{};              ///< as it would be reserved (the bound); 0: unknown
    Duration takes{};                ///< how long it is taken to run (the median); 0: as reserved
    double priority = 0;
    std::vector<TaskId> needs;              ///< tasks before it in the list
    Duration arrives{};                     ///< from the start of the run; it is not known before
    std::uint32_t submission = 0;           ///< tasks of one number were handed in together (queue.h)
    std::optional<Duration> deadline = {};  ///< from the start of the run
    std::string queue = "default";          ///< the path of the one it waits in (queues.h)
    Bytes leaves{};                         ///< behind it, for those that need it
    std::optional<double> rank = {};        ///< as in Candidate; nothing: the longest path that hangs on it
};

struct DryStart {
    TaskId task = 0;
    NodeId node = 0;
    Duration start{};  ///< from the start of the run
    Duration end{};
    bool operator==(const DryStart&) const = default;
};

struct DryRun {
    std::vector<DryStart> starts;  ///< in order of start
    Duration makespan{};
    std::vector<TaskId> impossible;  ///< ask for more than any node has or their queue may hold, or need such a task
};

/// Runs the tasks on empty nodes (ids 0, 1 ...), which nobody else's queues use. A task's id is its place in the list.
/// Deterministic.
DryRun dry_run(std::span<const DryTask> tasks, std::span<const Node> nodes,
               std::vector<QueueSpec> queues = default_queues(), const Policy& policy = {});

}  // namespace plimsoll::schedule
