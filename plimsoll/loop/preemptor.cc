// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/loop/preemptor.h"

#include <fmt/format.h>

#include <algorithm>

#include "plimsoll/base/probe.h"
#include "plimsoll/loop/decisions.h"
#include "plimsoll/schedule/reclaim.h"

namespace plimsoll::loop {
namespace {

// Before its latest start: room is made and the task begun within it.
constexpr Duration lead = std::chrono::seconds(1);
// What a promise is worth, in core-seconds: a day of a large machine.
constexpr double promise_worth_s = 1e7;
// Beside the work that is done again: making its cgroup, reading its inputs.
constexpr double restart_s = 1;
constexpr int preemptions_at_most = 3;
// To end by itself, once it is asked to; the one that needs the room waits for that.
constexpr Duration short_grace = std::chrono::seconds(2);
// And to be gone, once it was killed.
constexpr Duration settling = std::chrono::seconds(1);

}  // namespace

Preemptor::Preemptor(Books& books, const Deadlines& deadlines, Shaper& shaper)
    : books_(books), deadlines_(deadlines), shaper_(shaper), has_reclaim_(some_reclaim(books.options.queues)) {}

void Preemptor::save_deadlines(Instant now) {
    if (!deadlines_.any() || !leaving_.empty()) return;
    for (const auto& [latest_start, id] : books_.queue.deadlines()) {
        if (latest_start > now + lead) return;
        if (deadlines_.due(id) <= now || books_.running.empty()) continue;  // nothing can save it any more
        const Ask& ask = books_.asks.at(id).ask;
        if (books_.queue.shares().limited_by(books_.queue.queue_of(id), ask.amounts)) continue;
        const auto made = schedule::preempt_for({.ask = ask.amounts, .benefit_s = promise_worth_s}, stoppable(now),
                                                books_.free_at(now));
        if (!made) continue;
        const std::string reason =
            fmt::format("{} must start now to be done by its deadline", books_.tasks[id].task.name);
        for (const schedule::Preemption::Victim& victim : made->victims) preempt(victim, reason, now);
        books_.replan = true;
        return;  // one at a time: what it frees the next plan sees
    }
}

/// Who may be stopped for others: whoever has no deadline, and has not been ended for others too often.
std::vector<schedule::Stoppable> Preemptor::stoppable(Instant now) const {
    std::vector<schedule::Stoppable> all;
    for (const RunningAttempt* one : books_.running.in_order()) {
        const RunningAttempt& attempt = *one;
        const TaskId id = attempt.record.id.task;
        if (deadlines_.is_due(id) || attempt.must_die) continue;
        if (attempt.frozen_since && !attempt.is_suspended) continue;  // it waits for memory
        schedule::Stoppable who{
            .task = id,
            .node = attempt.placement.node,
            .queue = attempt.queue,
            .held = attempt.held,
            .can_freeze = books_.edges.limits.abilities().freezes && !attempt.cannot_freeze && !attempt.is_suspended,
            .ran = own_time(attempt, now),
            .since_checkpoint_s = lost_if_ended(attempt, now),
            .restart_s = restart_s};
        if (books_.tasks[id].tries.preemptions >= preemptions_at_most) {
            if (!who.can_freeze) continue;
            who.held = {.cpu = attempt.held.cpu};  // it may still stand still
        }
        all.push_back(who);
    }
    return all;
}

void Preemptor::preempt(const schedule::Preemption::Victim& victim, const std::string& reason, Instant now) {
    RunningAttempt& attempt = books_.running.at(victim.task);
    if (victim.kind == schedule::StopKind::freeze) return suspend(attempt, reason, now);
    const AttemptId id = attempt.record.id;
    attempt.ended_by = EndedBy::room;
    ++books_.tasks.at(id.task).tries.preemptions;
    leaving_.insert(id.task);                              // nobody else is stopped before this one's room is there
    if (attempt.frozen_since) shaper_.thaw(attempt, now);  // a frozen one hears nothing
    if (save(attempt, reason, now)) {
        attempt.claim.end_by(*attempt.must_die + short_grace + settling, now);
        return shaper_.note(attempt);
    }
    books_.journal.record(
        decision("preempt", "order", format(attempt.held), {},
                 fmt::format("{}; it loses {} of work and runs again", reason, format(own_time(attempt, now)))),
        id.task, id.number);
    end_for_others(attempt, now);
}

void Preemptor::end_for_others(RunningAttempt& attempt, Instant now) {
    PLIM_PROBE("loop: an attempt is ended for others that are owed its room");
    attempt.must_die = now + std::min(books_.options.grace, short_grace);
    attempt.claim.end_by(*attempt.must_die + settling, now);  // or others would be let into a part of that room
    shaper_.note(attempt);
    books_.edges.engine.stop(attempt.record.id, engine::StopHow::terminate);
}

void Preemptor::suspend(RunningAttempt& attempt, const std::string& reason, Instant now) {
    const AttemptId id = attempt.record.id;
    if (const auto frozen = books_.edges.limits.freeze(id); !frozen) {
        PLIM_PROBE("loop: an attempt could not be suspended");
        attempt.cannot_freeze = true;
        return books_.journal.record(decision("freeze", "cpu", {}, {}, "not possible: " + frozen.error().message),
                                     id.task, id.number);
    }
    PLIM_PROBE("loop: an attempt is suspended for others that are owed its cores");
    attempt.is_suspended = true;
    attempt.frozen_since = attempt.delayed = now;
    ++attempt.record.shaping.frozen;
    Resources without = attempt.held;
    without.cpu = {};
    books_.journal.record(decision("freeze", "cpu", format(attempt.held.cpu), format(without.cpu), reason), id.task,
                          id.number);
    hold_amounts(attempt, without, now);
    attempt.claim.resize(without, now);
    shaper_.note(attempt);
    books_.journal.tell(books_.shaped_event(EventKind::task_frozen, attempt, reason));
}

void Preemptor::resume_suspended(const Resources& may_hold, Instant now) {
    const bool is_one = books_.is_one_machine();
    const bool is_due = deadlines_.is_due_soon(now);
    const std::set<TaskId> suspended = books_.running.suspended();  // as they stood before: some go on
    for (const TaskId id : suspended) {
        RunningAttempt& attempt = books_.running.at(id);
        if (attempt.must_die) continue;
        attempt.claim.delay(now - attempt.delayed, now);
        attempt.delayed = now;
        const Cores cpu = planned(attempt, now).cpu;
        const Cores free = is_one ? may_hold.cpu - books_.running.held().cpu
                                  : books_.pool.calendars()[attempt.placement.node].free_at(now).cpu;
        if (is_due || free < cpu || is_claimed(attempt.queue, attempt.placement.node, now)) continue;
        Resources amounts = attempt.held;
        amounts.cpu = cpu;
        hold_amounts(attempt, amounts, now);
        attempt.claim.resize(amounts, now);
        attempt.is_suspended = false;
        shaper_.thaw(attempt, now);
    }
}

}  // namespace plimsoll::loop
