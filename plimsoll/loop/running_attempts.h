// SPDX-License-Identifier: Apache-2.0
// All attempts that run now, and what they come to together: so that a round costs what happened in it, not what
// runs.
//
// Sums (what is held, what each queue is billed) and sets (who waits for memory, who stands still) are kept up
// as attempts change, exactly, however often. When each attempt wants to be
// looked at next stands in an agenda by the instant: samples fall on few marks of the clock, so that most of what is
// due is due together. Whoever changes an attempt calls `note` when it is done.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <vector>

#include "plimsoll/loop/running.h"
#include "plimsoll/model/resource_sum.h"

namespace plimsoll::loop {

class RunningAttempts {
public:
    /// A queue's part of what runs.
    struct QueuePart {
        ResourceSum billed;  ///< what is reserved for its tasks, or what they use where that is more
        int running = 0;
    };

    bool empty() const { return size_ == 0; }
    std::size_t size() const { return size_; }
    /// Null when no attempt of the task runs.
    RunningAttempt* find(TaskId task);
    const RunningAttempt* find(TaskId task) const;
    RunningAttempt& at(TaskId task);
    /// Valid until it is taken.
    RunningAttempt& add(RunningAttempt attempt);
    RunningAttempt take(TaskId task);
    /// What of it counts for the others, or when it is due, may be otherwise from now on.
    void note(RunningAttempt& attempt);

    /// By task. Costs a pass over all.
    std::vector<const RunningAttempt*> in_order() const;
    std::vector<RunningAttempt*> in_order();
    /// In no order.
    const std::vector<RunningAttempt*>& on_node(NodeId node) const;

    /// The first instant at which a running attempt wants to be looked at or ended.
    Instant next_due();
    /// Those that want it by now, by task; each is due again once it is noted.
    std::vector<RunningAttempt*> take_due(Instant now);

    Resources held() const { return held_.total(); }
    Bytes memory_held_on(NodeId node) const;
    const std::map<std::size_t, QueuePart>& by_queue() const { return by_queue_; }
    /// Those that want more memory than they hold, or stand still for lack of it.
    bool some_want_memory() const { return !want_memory_on_.empty(); }
    std::vector<NodeId> nodes_short_of_memory() const;
    /// Those that stand still for a task that is due.
    const std::set<TaskId>& suspended() const { return suspended_; }
    /// So many of which nobody knows how long they will run.
    std::size_t of_unknown_runtime() const { return of_unknown_runtime_; }

private:
    struct OnNode {
        Bytes memory{};
        std::vector<RunningAttempt*> attempts;
    };
    void count(RunningAttempt& attempt, int sign);
    void place_on_node(RunningAttempt& attempt);
    void leave_node(RunningAttempt& attempt);

    std::vector<std::unique_ptr<RunningAttempt>> attempts_;  ///< by task; null where none runs
    std::size_t size_ = 0;
    std::map<Instant, std::vector<TaskId>> agenda_;  ///< entries that do not agree with Booked::due are void
    ResourceSum held_;
    std::vector<OnNode> nodes_;
    std::map<std::size_t, QueuePart> by_queue_;  ///< those of which something runs
    std::map<NodeId, int> want_memory_on_;       ///< how many; nodes with none are left out
    std::set<TaskId> suspended_;
    std::size_t of_unknown_runtime_ = 0;
};

}  // namespace plimsoll::loop
