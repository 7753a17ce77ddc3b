// SPDX-License-Identifier: Apache-2.0
// Queues: the ready tasks of a run, each in the queue that its step names, and whose turn it is among them.
//
// Between queues a ShareTree decides; within one its own order does (queue.h). Who waits in the same queues elsewhere,
// in another run on this machine, stands in line with these: when it is their turn, room is left for them.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "plimsoll/model/queue_spec.h"
#include "plimsoll/schedule/queue.h"
#include "plimsoll/schedule/share_tree.h"

namespace plimsoll::schedule {

/// Another run's tasks in line in one of the queues: they cannot be started here, but room can be left.
struct Neighbour {
    QueueId queue = 0;
    Resources ask;          ///< of the first; those behind it are taken to ask for the same
    std::uint64_t run = 0;  ///< whose, to tell one from another
    int waiting = 1;        ///< how many there are
};

class Queues {
public:
    explicit Queues(std::vector<QueueSpec> specs = default_queues());

    /// The queue without children of that path; of any other path "default", or the first there is.
    QueueId find(std::string_view path) const;
    const QueueSpec& spec(QueueId queue) const { return shares_.spec(queue); }
    std::size_t size() const { return lines_.size(); }

    /// As Queue::push. A task that stands in another queue moves.
    void push(const Candidate& candidate, QueueId queue);
    void erase(TaskId task);
    bool empty() const { return at_.empty(); }
    std::size_t tasks() const { return at_.size(); }
    bool contains(TaskId task) const { return at_.contains(task); }
    QueueId queue_of(TaskId task) const { return at_.at(task); }

    Queue& line(QueueId queue) { return lines_[queue]; }
    const Queue& line(QueueId queue) const { return lines_[queue]; }
    /// The task that is considered first, deadlines aside; nothing when none waits.
    std::optional<TaskId> first() const;
    /// By when tasks with a deadline must start, whatever their queue.
    const std::set<std::pair<Instant, TaskId>>& deadlines() const { return deadlines_; }

    /// Of all queues, as Queue::keep_promises. Those that promise something are among those of the plan before and of
    /// this one.
    void keep_promises(std::span<const Wait> waits);

    /// Who else waits; replaces those told before. Whom a plan leaves room for stands in Plan::yields.
    void set_neighbours(std::vector<Neighbour> neighbours);
    const std::vector<Neighbour>& neighbours() const { return neighbours_; }

    /// What plans found out of when asks could start.
    EarliestStarts& earliest() { return earliest_; }
    ShareTree& shares() { return shares_; }
    const ShareTree& shares() const { return shares_; }

private:
    void set_pending(QueueId queue);

    ShareTree shares_;
    std::unordered_map<std::string, QueueId> leaves_;
    QueueId otherwise_ = 0;
    std::vector<Queue> lines_;  ///< by QueueId; those of inner queues stay empty
    std::unordered_map<TaskId, QueueId> at_;
    std::set<std::pair<Instant, TaskId>> deadlines_;
    std::unordered_map<TaskId, Instant> latest_start_;
    std::vector<Neighbour> neighbours_;
    EarliestStarts earliest_;
    std::vector<QueueId> promising_;  ///< queues with a task that was promised its start
};

}  // namespace plimsoll::schedule
