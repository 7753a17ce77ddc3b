// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/loop/running_attempts.h"

#include <algorithm>
#include <utility>

#include "plimsoll/base/check.h"

namespace plimsoll::loop {
namespace {

TaskId task_of(const RunningAttempt* attempt) { return attempt->record.id.task; }

void add_to(ResourceSum& sum, const Resources& amounts, int sign) {
    if (sign > 0) sum.add(amounts);
    else sum.take_away(amounts);
}

/// An attempt is due at one instant at a time; while it is looked at, at none.
constexpr Instant at_none = Instant::min();

}  // namespace

RunningAttempt* RunningAttempts::find(TaskId task) { return task < attempts_.size() ? attempts_[task].get() : nullptr; }

const RunningAttempt* RunningAttempts::find(TaskId task) const {
    return task < attempts_.size() ? attempts_[task].get() : nullptr;
}

RunningAttempt& RunningAttempts::at(TaskId task) {
    RunningAttempt* found = find(task);
    PLIM_CHECK(found != nullptr, "asked for an attempt that does not run");
    return *found;
}

RunningAttempt& RunningAttempts::add(RunningAttempt attempt) {
    const TaskId task = attempt.record.id.task;
    if (task >= attempts_.size()) attempts_.resize(std::max<std::size_t>(task + 1, 2 * attempts_.size()));
    PLIM_CHECK(!attempts_[task], "a task runs once at a time");
    attempts_[task] = std::make_unique<RunningAttempt>(std::move(attempt));
    RunningAttempt& added = *attempts_[task];
    ++size_;
    added.booked = {};
    place_on_node(added);
    ++by_queue_[added.queue].running;
    if (added.record.reserved_time == Duration{}) ++of_unknown_runtime_;
    note(added);
    return added;
}

RunningAttempt RunningAttempts::take(TaskId task) {
    RunningAttempt& taken = at(task);
    leave_node(taken);
    count(taken, -1);
    if (const auto part = by_queue_.find(taken.queue); --part->second.running == 0) by_queue_.erase(part);
    if (taken.record.reserved_time == Duration{}) --of_unknown_runtime_;
    --size_;
    const std::unique_ptr<RunningAttempt> gone = std::exchange(attempts_[task], nullptr);
    return std::move(*gone);
}

void RunningAttempts::note(RunningAttempt& attempt) {
    const Booked::Part part{.held = attempt.held,
                            .billed = billed(attempt),
                            .wants_memory = wants_memory(attempt),
                            .is_suspended = attempt.is_suspended};
    if (part != attempt.booked.part) {
        count(attempt, -1);
        attempt.booked.part = part;
        count(attempt, 1);
    }
    const Instant due = due_at(attempt);
    if (due == attempt.booked.due) return;
    attempt.booked.due = due;
    if (due != Instant::max()) agenda_[due].push_back(attempt.record.id.task);
}

/// What was counted of it is counted once more, or once less.
void RunningAttempts::count(RunningAttempt& attempt, int sign) {
    const Booked::Part& booked = attempt.booked.part;
    const NodeId node = attempt.placement.node;
    add_to(held_, booked.held, sign);
    add_to(by_queue_[attempt.queue].billed, booked.billed, sign);
    nodes_[node].memory += Bytes{sign * booked.held.memory.count};
    if (booked.wants_memory) {
        const auto there = want_memory_on_.try_emplace(node, 0).first;
        there->second += sign;
        if (there->second == 0) want_memory_on_.erase(there);
    }
    if (!booked.is_suspended) return;
    if (sign > 0) suspended_.insert(attempt.record.id.task);
    else suspended_.erase(attempt.record.id.task);
}

void RunningAttempts::place_on_node(RunningAttempt& attempt) {
    const NodeId node = attempt.placement.node;
    if (node >= nodes_.size()) nodes_.resize(node + 1);
    attempt.booked.place_on_node = nodes_[node].attempts.size();
    nodes_[node].attempts.push_back(&attempt);
}

void RunningAttempts::leave_node(RunningAttempt& attempt) {
    std::vector<RunningAttempt*>& there = nodes_[attempt.placement.node].attempts;
    const std::size_t place = attempt.booked.place_on_node;
    there[place] = there.back();
    there[place]->booked.place_on_node = place;
    there.pop_back();
}

std::vector<const RunningAttempt*> RunningAttempts::in_order() const {
    std::vector<const RunningAttempt*> all;
    for (const OnNode& node : nodes_) all.insert(all.end(), node.attempts.begin(), node.attempts.end());
    std::ranges::sort(all, {}, task_of);
    return all;
}

std::vector<RunningAttempt*> RunningAttempts::in_order() {
    std::vector<RunningAttempt*> all;
    for (const OnNode& node : nodes_) all.insert(all.end(), node.attempts.begin(), node.attempts.end());
    std::ranges::sort(all, {}, task_of);
    return all;
}

const std::vector<RunningAttempt*>& RunningAttempts::on_node(NodeId node) const {
    static const std::vector<RunningAttempt*> none;
    return node < nodes_.size() ? nodes_[node].attempts : none;
}

Bytes RunningAttempts::memory_held_on(NodeId node) const {
    return node < nodes_.size() ? nodes_[node].memory : Bytes{};
}

std::vector<NodeId> RunningAttempts::nodes_short_of_memory() const {
    std::vector<NodeId> nodes;
    for (const auto& [node, count] : want_memory_on_) nodes.push_back(node);
    return nodes;
}

Instant RunningAttempts::next_due() {
    while (!agenda_.empty()) {
        auto& [when, tasks] = *agenda_.begin();
        while (!tasks.empty()) {
            const RunningAttempt* attempt = find(tasks.back());
            if (attempt && attempt->booked.due == when) return when;
            tasks.pop_back();
        }
        agenda_.erase(agenda_.begin());
    }
    return Instant::max();
}

std::vector<RunningAttempt*> RunningAttempts::take_due(Instant now) {
    std::vector<std::pair<TaskId, Instant>> tasks;
    while (!agenda_.empty() && agenda_.begin()->first <= now) {
        const auto first = agenda_.extract(agenda_.begin());
        for (const TaskId task : first.mapped()) tasks.emplace_back(task, first.key());
    }
    std::ranges::sort(tasks);
    std::vector<RunningAttempt*> due;
    for (const auto& [task, when] : tasks) {
        RunningAttempt* attempt = find(task);
        if (!attempt || attempt->booked.due != when) continue;
        attempt->booked.due = at_none;
        due.push_back(attempt);
    }
    return due;
}

}  // namespace plimsoll::loop
