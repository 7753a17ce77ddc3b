// SPDX-License-Identifier: Apache-2.0
// In which order one plan considers what waits: of one queue its order, of many whose turn it is and then the order
// there. Both give the same to a plan.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <span>

#include "plimsoll/schedule/queues.h"
#include "plimsoll/schedule/walk.h"

namespace plimsoll::schedule {

/// What is considered next: a task of ours, or, with `neighbour`, one of another run.
struct TurnItem {
    TaskId task = 0;
    const Queue::Ask* ask = nullptr;
    const Neighbour* neighbour = nullptr;
};

/// One costs as much to look at as to find out that none of them can start.
inline constexpr std::size_t many_asks = 8;

/// The turns of a single queue.
class OneQueue {
public:
    OneQueue(Queue& queue, int) : queue_(queue), walk_(queue) {}

    const std::set<std::pair<Instant, TaskId>>& deadlines() const { return queue_.deadlines(); }
    bool waits(TaskId task) const { return queue_.contains(task); }
    Queue& line_of(TaskId) { return queue_; }
    EarliestStarts& earliest() { return queue_.earliest(); }
    std::optional<TurnItem> next() {
        const auto item = walk_.next();
        if (!item) return std::nullopt;
        return TurnItem{item->task, &item->group->ask, nullptr};
    }
    void skip_group() { walk_.skip_group(); }
    /// Are so many sizes asked for, in the queue whose task was given last, that it is worth asking whether all of them
    /// lack something?
    bool has_many_asks() const { return queue_.groups().size() > many_asks; }
    /// Of that queue: the least of each kind that any of its tasks asks for (Queue::least).
    ResourceCounts least() const { return queue_.least(); }
    /// Likewise of all queues; nothing where that would take long to tell.
    ResourceCounts least_of_all() const { return queue_.least(); }
    /// None of its tasks is looked at any more.
    void skip_tasks() { walk_.skip_all(); }
    std::optional<QueueId> limited_by(TaskId, const Resources&) const { return std::nullopt; }
    std::optional<QueueTurn> turn_of(TaskId) const { return std::nullopt; }
    void keep_promises(std::span<const Wait> waits) { queue_.keep_promises(waits); }
    void started(TaskId, const Resources&, Duration) {}
    void left_room(const Neighbour&) {}
    void skip_neighbour() {}

private:
    Queue& queue_;
    Walk walk_;
};

/// The turns of many queues: tried out on their shares, and undone when it is gone.
class ManyQueues {
public:
    /// Of one queue it looks at so many asks that do not fit while others wait too.
    ManyQueues(Queues& queues, int look_ahead);
    ~ManyQueues() { queues_.shares().roll_back(); }
    ManyQueues(const ManyQueues&) = delete;
    ManyQueues& operator=(const ManyQueues&) = delete;

    const std::set<std::pair<Instant, TaskId>>& deadlines() const { return queues_.deadlines(); }
    EarliestStarts& earliest() { return queues_.earliest(); }
    bool waits(TaskId task) const { return queues_.contains(task); }
    Queue& line_of(TaskId task) { return queues_.line(queues_.queue_of(task)); }
    std::optional<TurnItem> next();
    void skip_group();
    /// Those of another run that were given last are not looked at any more.
    void skip_neighbour();
    bool has_many_asks() const { return queues_.line(current_queue_).groups().size() > many_asks; }
    ResourceCounts least() const { return queues_.line(current_queue_).least(); }
    ResourceCounts least_of_all() const;
    void skip_tasks() { current_->walk.skip_all(); }
    std::optional<QueueId> limited_by(TaskId task, const Resources& amounts) const {
        return queues_.shares().limited_by(queues_.queue_of(task), amounts);
    }
    std::optional<QueueTurn> turn_of(TaskId task) const;
    void keep_promises(std::span<const Wait> waits) { queues_.keep_promises(waits); }
    void started(TaskId task, const Resources& amounts, Duration length) {
        queues_.shares().serve(queues_.queue_of(task), amounts, seconds(length));
    }
    void left_room(const Neighbour& neighbour) { queues_.shares().add_held(neighbour.queue, neighbour.ask, 0); }

private:
    struct Cursor {
        Walk walk;
        std::size_t neighbour = 0;  ///< which of the neighbours is looked at,
        int given = 0;              ///< and how many of its tasks were
        int misfits = 0;
    };
    std::optional<TurnItem> next_in(QueueId queue, Cursor& cursor);

    Queues& queues_;
    int look_ahead_;
    std::map<QueueId, Cursor> cursors_;
    Cursor* current_ = nullptr;
    QueueId current_queue_ = 0;
};

}  // namespace plimsoll::schedule
