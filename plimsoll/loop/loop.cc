// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/loop/loop.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "plimsoll/base/probe.h"

namespace plimsoll::loop {

Loop::Loop(Options options, Edges edges)
    : books_(std::move(options), edges),
      sizing_(books_),
      order_(books_, sizing_),
      deadlines_(books_, sizing_),
      lineup_(books_, order_, deadlines_),
      room_ahead_(books_, sizing_, order_, lineup_),
      reading_ahead_(books_, order_, lineup_),
      shaper_(books_, order_),
      sharing_(books_),
      preemptor_(books_, deadlines_, shaper_) {
    Event started;
    started.kind = EventKind::run_started;
    books_.journal.tell(std::move(started));
}

Result<std::vector<Event>> Loop::tick(Instant until) {
    Instant now = books_.edges.clock.now();
    heed_nodes();
    join(now);
    examine_ready();
    books_.pool.advance(now);  // who runs past its reservation holds it on: before anybody looks at what is free
    shaper_.follow_plans(now);
    start_what_fits(now);
    reading_ahead_.look(now);
    finish_if_done();
    PLIM_TRY(make_durable(now));
    if (!done()) settle(books_.edges.engine.wait(next_wake(now, until)));
    now = books_.edges.clock.now();
    books_.pool.advance(now);
    shaper_.hear_pressed(now);
    look_at_due(now);
    hear_workspace();
    finish_if_done();
    PLIM_TRY(make_durable(now));
    for (const TaskId id : books_.journal.take_deletions())
        if (books_.tasks[id].open_dependents == 0 && is_done(books_.tasks[id].state))
            books_.edges.workspace.delete_temporaries(books_.tasks[id].task);
    return books_.journal.take_events();
}

/// Nothing starts on a node that went until it is back; what was lost with it has been settled.
void Loop::heed_nodes() {
    for (const engine::NodeChange& change : books_.edges.engine.take_node_changes()) {
        const Node& node = books_.nodes[change.node];
        books_.pool.set_capacity(node.id, change.is_there ? node.capacity : Resources{});
        books_.replan = true;
        PLIM_PROBE("loop: a node went or came back");
        if (told_end_) continue;  // what comes after a run's end is not told of
        books_.journal.note(change.is_there ? node.name + " is back"
                                            : node.name + " is gone: what ran there runs again elsewhere");
    }
}

/// The attempts that are due are read, and what that tells is acted on; then those that had to end by now.
void Loop::look_at_due(Instant now) {
    const std::vector<RunningAttempt*> due = books_.running.take_due(now);
    for (RunningAttempt* attempt : due)
        if (attempt->next_sample <= now) sample(*attempt, {books_.edges.usage, books_.edges.limits}, now);
    for (RunningAttempt* attempt : due) {
        if (attempt->last_sample == now && !attempt->must_die) shaper_.note_wants(*attempt, now);
        if (attempt->is_off_plan) shaper_.note(*attempt);
        else books_.running.note(*attempt);
    }
    shaper_.divide_memory(now);
    for (RunningAttempt* attempt : due) enforce_limits(*attempt, now);
}

void Loop::hear_workspace() {
    for (workflow::Resealed& resealed : books_.edges.workspace.take_resealed())
        books_.journal.append(history::TaskSealed{resealed.task, std::move(resealed.receipt)});
    for (std::string& notice : books_.edges.workspace.take_notices()) books_.journal.note(std::move(notice));
}

bool Loop::done() const { return told_end_ && books_.journal.empty(); }

RunState Loop::state() const {
    if (!told_end_) return RunState::running;
    if (failed_) return RunState::failed;
    return books_.tasks.count(TaskState::cancelled) > 0 ? RunState::cancelled : RunState::finished;
}

void Loop::stop(StopMode mode) {
    if (mode <= books_.stop || told_end_) return;
    books_.stop = mode;
    Event stopping;
    stopping.kind = EventKind::run_stopping;
    stopping.reason = mode == StopMode::drain       ? "no new tasks are started and running ones may finish; "
                                                      "`plimsoll stop --now`, or Ctrl-C again where it runs, ends them"
                      : mode == StopMode::terminate ? "running tasks are asked to end"
                                                    : "running tasks are killed";
    books_.journal.tell(std::move(stopping));
    cancel_waiting("the run was stopped");
    stop_running(mode, books_.edges.clock.now());
}

void Loop::join(Instant now) {
    if (told_end_) return;
    for (workflow::Source* source : sources_) {
        std::vector<Task> tasks = source->poll(books_.tasks.size(), now);
        if (tasks.empty()) continue;
        const TaskId first = books_.tasks.size();
        const std::vector<TaskId> ready = books_.tasks.join(std::move(tasks));
        for (const TaskId id : ready) note_ready(id, {}, now);
        for (TaskId id = first; id < books_.tasks.size(); ++id) {
            books_.tasks.at(id).joined = now;
            books_.record_task(id);
            if (books_.tasks[id].state != TaskState::cancelled) continue;
            PLIM_PROBE("loop: a task joined after what it needs had failed");
            send_word(id, false);
            books_.journal.tell(books_.event(EventKind::task_cancelled, id));
        }
        rank(first);
        for (const TaskId id : ready) look_later(id);
        if (books_.stop != StopMode::none) cancel_waiting("the run was stopped", first);
    }
}

void Loop::rank(TaskId first) {
    const bool moved = order_.join(first, !may_more_come());
    deadlines_.note(first);
    if (!moved) return;
    std::set<std::pair<double, TaskId>> ordered;
    for (const auto& [rank, id] : unexamined_) ordered.insert({-order_.rank(id), id});
    unexamined_ = std::move(ordered);
}

bool Loop::may_more_come() const {
    return std::ranges::any_of(sources_, [](auto* source) { return source->may_send_more(); });
}

void Loop::cancel_waiting(const std::string& reason, TaskId first) {
    for (TaskId id = first; id < books_.tasks.size(); ++id) {
        const TaskState state = books_.tasks[id].state;
        if (state != TaskState::ready && state != TaskState::waiting) continue;
        Event told = books_.event(EventKind::task_cancelled, id);
        told.reason = reason;
        give_up(id, TaskState::cancelled, reason, std::move(told));
    }
    unexamined_.clear();
}

Result<void> Loop::make_durable(Instant now) {
    return books_.journal.make_durable(now, told_end_, books_.running.empty());
}

Duration Loop::recheck_after() const {
    return books_.edges.capacity.others().queues.empty() ? recheck : recheck_among_others;
}

Instant Loop::next_wake(Instant now, Instant until) {
    Instant wake = std::min(until, books_.running.next_due());
    const bool is_asked = preemptor_.has_reclaim() && !books_.edges.capacity.others().queues.empty();
    if (!books_.queue.empty() || books_.journal.is_in_trouble() || books_.running.some_want_memory() ||
        !books_.running.suspended().empty() || is_asked)
        wake = std::min(wake, now + recheck_after());
    if (!unexamined_.empty() && books_.queue.tasks() < examined_ahead) wake = now;
    if (told_end_ && books_.journal.is_durable()) wake = now;
    return std::max(wake, now);
}

void Loop::finish_if_done() {
    if (told_end_ || books_.tasks.open() > 0) return;
    if (may_more_come() && books_.stop == StopMode::none) return;
    books_.edges.workspace.settle();
    hear_workspace();
    told_end_ = true;
    books_.journal.append(history::RunEnded{state(), books_.edges.clock.wall()});
    Event ended;
    ended.kind = EventKind::run_finished;
    ended.state = state();
    books_.journal.tell(std::move(ended));
}

}  // namespace plimsoll::loop
