// SPDX-License-Identifier: Apache-2.0
// The beginning of a round: ready tasks are looked at, sized and queued.
#include <algorithm>
#include <utility>

#include "plimsoll/base/probe.h"
#include "plimsoll/loop/loop.h"

namespace plimsoll::loop {

void Loop::examine_ready() {
    // Only so far ahead of the machine: looking costs file accesses, and sizes get better with every
    // task that finishes meanwhile.
    for (int looked = 0; looked < 256 && !unexamined_.empty() && books_.queue.tasks() < examined_ahead; ++looked) {
        const TaskId id = unexamined_.begin()->second;
        unexamined_.erase(unexamined_.begin());
        if (books_.tasks[id].state == TaskState::ready) examine(id);
    }
}

void Loop::examine(TaskId id) {
    workflow::Freshness fresh = books_.edges.workspace.examine(books_.tasks[id].task);
    const bool must_run = books_.tasks[id].must_run;
    if (!must_run) books_.tasks.at(id).reason = fresh.reason;
    if (fresh.up_to_date && !must_run) {
        Event skipped = books_.event(EventKind::task_up_to_date, id);
        complete(id, TaskState::up_to_date);
        return books_.journal.tell(std::move(skipped));
    }
    for (const std::string& path : fresh.deleted_inputs)
        if (const auto producer = books_.tasks.producer_of(path)) bring_back(*producer, id);
    if (books_.tasks[id].state != TaskState::ready) return;  // until what it needs has been made again
    fresh.features.machine = books_.options.machine;
    const TaskTable::Entry& entry = books_.tasks[id];
    if (entry.task.split != nullptr && entry.parts.empty() && !must_run && split(id, fresh)) return;
    queue(id, fresh.features);
}

void Loop::bring_back(TaskId producer, TaskId wanted_by) {
    if (!is_done(books_.tasks[producer].state)) return;
    for (const TaskId reader : books_.tasks.revive(producer, wanted_by)) {
        if (books_.queue.contains(reader)) PLIM_PROBE("loop: a queued task waits again for what it needs");
        books_.queue.erase(reader);
        books_.asks.erase(reader);
    }
    note_ready(producer, {}, books_.edges.clock.now());
    if (books_.tasks[producer].state == TaskState::ready) look_later(producer);
}

/// All that the task needs is there: from now on it waits for its place alone.
void Loop::note_ready(TaskId id, std::optional<TaskId> after, Instant now) {
    if (became_ready_.size() <= id) became_ready_.resize(books_.tasks.size());
    became_ready_[id] = {now, after};
}

WaitRecord Loop::wait_of(TaskId id, Instant now) const {
    const BecameReady& ready = became_ready_[id];
    return {.time = now - ready.at, .after = ready.after, .lack = ready.at <= line_.at ? line_.lack : std::string()};
}

void Loop::queue(TaskId id, const Features& features) {
    const Step& step = *books_.tasks[id].task.step;
    Ask ask = sizing_.ask(books_.tasks[id], features);
    if (const std::string reason = sizing_.cannot_hold(step, ask.amounts); !reason.empty()) {
        Event failed = books_.event(EventKind::task_failed, id);
        failed.reason = reason;
        return give_up(id, TaskState::failed, reason, std::move(failed));
    }
    books_.tasks.at(id).tries.all_there_was = {};
    Queued& queued = books_.asks[id];
    const bool is_untried = ask.forecast.is_untried;
    if (is_untried) lineup_.note_untried();
    queued = {features, std::move(ask), is_untried ? queued.standing : schedule::Standing::usual};
    lineup_.push(id, queued);
}

// Each time a quarter more is known, so that a step's sizes follow what its first tasks show while the cost
// grows with the logarithm of their number.
void Loop::size_again(const TaskKind& kind) {
    Learnt& learnt = learnt_[kind];
    if (++learnt.ends < learnt.next) return;
    learnt.next = learnt.ends + std::max(1, learnt.ends / 4);
    std::vector<TaskId> waiting;
    for (const auto& [id, queued] : books_.asks)
        if (books_.tasks[id].task.step->kind == kind) waiting.push_back(id);
    std::ranges::sort(waiting);
    for (const TaskId id : waiting) {
        const auto still = books_.asks.find(id);
        if (still == books_.asks.end()) continue;  // one before it turned out too large, and ended the run
        const Features features = still->second.features;
        queue(id, features);
    }
    if (deadlines_.any()) deadlines_.note();
}

}  // namespace plimsoll::loop
