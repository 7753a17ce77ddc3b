// SPDX-License-Identifier: Apache-2.0
// Attempts -> what a run requested, reserved, used and wasted: the figures of `show --json`, of the end of
// a run and of the savings table. GB = 1e9 bytes; hours of reserved time.
#pragma once

#include <set>
#include <span>
#include <string>

#include "plimsoll/model/run.h"

namespace plimsoll::loop {

/// Amount x time of one resource: GB x h of memory, core x h of CPU.
struct AmountTime {
    double requested = 0;  ///< the workflow's own requests, over the time each task's last attempt took
    double reserved = 0;   ///< held, all attempts
    double used = 0;       ///< by attempts that finished
    double wasted() const { return reserved - used; }
    double wasted_by_requests() const { return requested - used; }
};

struct Summary {
    AmountTime memory;  ///< GB x h
    AmountTime cpu;     ///< core x h
    /// What requests of 1.5 x each task's true peak would have wasted of memory: the waste of a user who
    /// knows his tasks and adds the usual margin.
    double memory_wasted_by_half_more = 0;
    Duration makespan{};
    std::uint32_t tasks_finished = 0, tasks_failed = 0, tasks_up_to_date = 0, tasks_cancelled = 0;
    std::uint32_t attempts = 0, out_of_memory = 0, timeouts = 0, preempted = 0, retried = 0;
    std::uint32_t grown = 0, frozen = 0;  ///< how often, over all attempts
    Duration frozen_time{};
    std::set<std::string> steps_without_request;  ///< of memory or cpu: they count with what was reserved
};

/// Of attempts that have ended; those that have not are left out. A task that failed at its own request
/// would have failed with requests too: that attempt counts there as well.
Summary summarize(const RunRecord& run, std::span<const TaskRecord> tasks, std::span<const AttemptRecord> attempts);

}  // namespace plimsoll::loop
