// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/schedule/queue.h"

#include <algorithm>

#include "plimsoll/base/check.h"

namespace plimsoll::schedule {
namespace {

/// The seconds by which a submission stands behind one that takes nothing. A path counts from its own submission's
/// longest, so that a long workflow's tasks do not go first for being long.
double cost(const Submission& submission, const Order& order) {
    return submission.path_s + order.work_worth * submission.work_s + order.length_worth * submission.path_s;
}

double score_of(const Candidate& candidate, const Order& order) {
    const double score = order.path_worth * (candidate.rank - cost(candidate.submission, order)) +
                         order.priority_worth * candidate.priority -
                         order.ageing * seconds(candidate.handed_in.time_since_epoch());
    if (order.deadline_worth <= 0) return score;
    constexpr double none = 1e9;  // thirty years: further off than any deadline that is meant
    const double due = std::min(none, seconds(candidate.deadline.time_since_epoch()));
    return score - order.deadline_worth * due;
}

}  // namespace

Queue::Place Queue::place_of(const Candidate& candidate) const {
    return {.score = score_of(candidate, order_), .task = candidate.task};
}

void Queue::push(const Candidate& candidate) {
    std::optional<Instant> promised;
    if (const auto there = entries_.find(candidate.task); there != entries_.end()) {
        promised = there->second.promise;
        erase(candidate.task);
    }
    const Place place = place_of(candidate);
    const auto group = by_ask_.try_emplace({need_of(candidate.amounts, candidate.phases), candidate.runtime}).first;
    if (group->second.places.empty()) {
        group->second.ask = {candidate.amounts, candidate.phases, candidate.runtime, group->first.first};
        count(group->second, 1);
    }
    insert(group->second, place);
    entries_.emplace(candidate.task, Entry{place, candidate.latest_start, promised, group});
    if (candidate.latest_start != Instant::max()) deadlines_.emplace(candidate.latest_start, candidate.task);
}

void Queue::erase(TaskId task) {
    const auto there = entries_.find(task);
    if (there == entries_.end()) return;
    const Entry& entry = there->second;
    deadlines_.erase({entry.latest_start, task});
    remove(entry.group->second, entry.place);
    if (entry.group->second.places.empty()) {
        count(entry.group->second, -1);
        by_ask_.erase(entry.group);
    }
    entries_.erase(there);
}

const Queue::Ask& Queue::ask(TaskId task) const {
    const auto there = entries_.find(task);
    PLIM_CHECK(there != entries_.end(), "asked for a task that is not in the queue");
    return there->second.group->second.ask;
}

void Queue::count(const Group& group, int sign) {
    const ResourceCounts& asks = group.ask.need.at_start();
    for (std::size_t kind = 0; kind < asks.size(); ++kind) {
        if (asks[kind] == 0) continue;
        asked_[kind].groups += static_cast<std::size_t>(sign);
        const auto there = asked_[kind].by_amount.try_emplace(asks[kind], 0).first;
        there->second += static_cast<std::size_t>(sign);
        if (there->second == 0) asked_[kind].by_amount.erase(there);
    }
}

ResourceCounts Queue::least() const {
    ResourceCounts least{};
    for (std::size_t kind = 0; kind < least.size(); ++kind)
        if (!by_ask_.empty() && asked_[kind].groups == by_ask_.size())
            least[kind] = asked_[kind].by_amount.begin()->first;
    return least;
}

std::optional<Instant> Queue::promise(TaskId task) const {
    const auto there = entries_.find(task);
    return there == entries_.end() ? std::nullopt : there->second.promise;
}

void Queue::promise(TaskId task, Instant start) {
    const auto there = entries_.find(task);
    if (there == entries_.end() || there->second.promise) return;
    there->second.promise = start;
    promised_.push_back(task);
}

void Queue::keep_promises(std::span<const Wait> waits) {
    std::erase_if(promised_, [&](TaskId task) {
        if (std::any_of(waits.begin(), waits.end(), [&](const Wait& wait) { return wait.task == task; })) return false;
        if (const auto there = entries_.find(task); there != entries_.end()) there->second.promise.reset();
        return true;
    });
}

void Queue::insert(Group& group, const Place& place) {
    if (!group.places.empty()) fronts_.erase({*group.places.begin(), &group});
    group.places.insert(place);
    fronts_.emplace(*group.places.begin(), &group);
}

void Queue::remove(Group& group, const Place& place) {
    fronts_.erase({*group.places.begin(), &group});
    group.places.erase(place);
    if (!group.places.empty()) fronts_.emplace(*group.places.begin(), &group);
}

}  // namespace plimsoll::schedule
