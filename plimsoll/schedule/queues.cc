// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/schedule/queues.h"

#include <algorithm>
#include <utility>

#include "plimsoll/base/check.h"

namespace plimsoll::schedule {
namespace {

// Seconds, above any path or wait: a step of priority decides alone, and so does a second of a deadline. No more than
// that, or a sum over centuries would lose the seconds of those who have no deadline.
constexpr double priority_decides = 1e9, deadline_decides = 1e6;

/// The order within a queue of that discipline.
Order order_of(const QueueSpec& spec) {
    switch (spec.discipline) {
        case Discipline::fifo: return {.path_worth = 0, .priority_worth = 0, .ageing = 1};
        case Discipline::priority: return {.priority_worth = priority_decides, .ageing = spec.ageing};
        case Discipline::edf: return {.ageing = spec.ageing, .deadline_worth = deadline_decides};
        default: return {.ageing = spec.ageing};
    }
}

}  // namespace

Queues::Queues(std::vector<QueueSpec> specs) : shares_(std::move(specs)) {
    for (QueueId id = 0; id < shares_.size(); ++id) {
        lines_.emplace_back(order_of(shares_.spec(id)));
        if (!shares_.is_leaf(id)) continue;
        if (leaves_.empty()) otherwise_ = id;
        leaves_.emplace(shares_.spec(id).path, id);
    }
    PLIM_CHECK(!leaves_.empty(), "a tree has a leaf");
    otherwise_ = find("default");
}

QueueId Queues::find(std::string_view path) const {
    const auto leaf = leaves_.find(std::string(path));
    return leaf == leaves_.end() ? otherwise_ : leaf->second;
}

void Queues::push(const Candidate& candidate, QueueId queue) {
    const auto [at, is_new] = at_.try_emplace(candidate.task, queue);
    if (!is_new && at->second != queue) {
        erase(candidate.task);
        at_.emplace(candidate.task, queue);
    }
    if (const auto before = latest_start_.find(candidate.task); before != latest_start_.end()) {
        deadlines_.erase({before->second, candidate.task});
        latest_start_.erase(before);
    }
    if (candidate.latest_start != Instant::max()) {
        deadlines_.emplace(candidate.latest_start, candidate.task);
        latest_start_.emplace(candidate.task, candidate.latest_start);
    }
    lines_[queue].push(candidate);
    set_pending(queue);
}

void Queues::erase(TaskId task) {
    const auto at = at_.find(task);
    if (at == at_.end()) return;
    if (const auto latest = latest_start_.find(task); latest != latest_start_.end()) {
        deadlines_.erase({latest->second, task});
        latest_start_.erase(latest);
    }
    const QueueId queue = at->second;
    at_.erase(at);
    lines_[queue].erase(task);
    set_pending(queue);
}

std::optional<TaskId> Queues::first() const {
    const std::optional<QueueId> queue = shares_.next();
    if (queue && !lines_[*queue].empty()) return lines_[*queue].groups().begin()->first.task;
    // It is another run's turn: the first of ours, whichever queue it is in.
    for (const Queue& line : lines_)
        if (!line.empty()) return line.groups().begin()->first.task;
    return std::nullopt;
}

void Queues::keep_promises(std::span<const Wait> waits) {
    for (const QueueId before : promising_) lines_[before].keep_promises(waits);
    promising_.clear();
    for (const Wait& wait : waits) promising_.push_back(at_.at(wait.task));
}

void Queues::set_pending(QueueId queue) {
    const bool others_wait = std::ranges::any_of(neighbours_, [&](const Neighbour& n) { return n.queue == queue; });
    shares_.set_pending(queue, !lines_[queue].empty() || others_wait);
}

void Queues::set_neighbours(std::vector<Neighbour> neighbours) {
    std::swap(neighbours_, neighbours);
    for (const Neighbour& gone : neighbours) set_pending(gone.queue);
    for (const Neighbour& there : neighbours_) set_pending(there.queue);
}

}  // namespace plimsoll::schedule
