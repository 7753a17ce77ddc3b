// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/schedule/turns.h"

#include <algorithm>

namespace plimsoll::schedule {

ManyQueues::ManyQueues(Queues& queues, int look_ahead)
    : queues_(queues), look_ahead_(queues.shares().pending_leaves() > 1 ? std::max(1, look_ahead / 4) : look_ahead) {
    queues_.shares().try_out();
}

std::optional<TurnItem> ManyQueues::next() {
    while (const std::optional<QueueId> queue = queues_.shares().next()) {
        Cursor& cursor = cursors_.try_emplace(*queue, Cursor{Walk(queues_.line(*queue))}).first->second;
        current_ = &cursor;
        current_queue_ = *queue;
        if (cursor.misfits < look_ahead_)
            if (auto item = next_in(*queue, cursor)) return item;
        queues_.shares().pass_over(*queue);
    }
    current_ = nullptr;
    return std::nullopt;
}

/// This run's tasks go before those of others in the same queue: they are at hand.
std::optional<TurnItem> ManyQueues::next_in(QueueId queue, Cursor& cursor) {
    if (const auto item = cursor.walk.next()) return TurnItem{item->task, &item->group->ask, nullptr};
    const std::vector<Neighbour>& neighbours = queues_.neighbours();
    for (; cursor.neighbour < neighbours.size(); ++cursor.neighbour, cursor.given = 0) {
        const Neighbour& neighbour = neighbours[cursor.neighbour];
        if (neighbour.queue != queue || cursor.given >= neighbour.waiting) continue;
        ++cursor.given;
        return TurnItem{0, nullptr, &neighbour};
    }
    return std::nullopt;
}

void ManyQueues::skip_neighbour() {
    if (!current_) return;
    ++current_->neighbour;
    current_->given = 0;
}

void ManyQueues::skip_group() {
    if (!current_) return;
    current_->walk.skip_group();
    ++current_->misfits;
}

ResourceCounts ManyQueues::least_of_all() const {
    constexpr std::size_t queues_at_most = 16;
    ResourceCounts least{};
    if (queues_.size() > queues_at_most) return least;
    bool is_first = true;
    for (QueueId queue = 0; queue < queues_.size(); ++queue) {
        if (queues_.line(queue).empty()) continue;
        const ResourceCounts there = queues_.line(queue).least();
        for (std::size_t kind = 0; kind < least.size(); ++kind)
            least[kind] = is_first ? there[kind] : std::min(least[kind], there[kind]);
        is_first = false;
    }
    return least;
}

std::optional<QueueTurn> ManyQueues::turn_of(TaskId task) const {
    const ShareTree& shares = queues_.shares();
    const QueueId queue = queues_.queue_of(task);
    return QueueTurn{.queue = queue,
                     .share = shares.share(queue),
                     .due = shares.due(queue),
                     .rivals = static_cast<int>(shares.pending_leaves()) - 1};
}

}  // namespace plimsoll::schedule
