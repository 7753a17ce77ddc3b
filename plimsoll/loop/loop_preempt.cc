// SPDX-License-Identifier: Apache-2.0
// Preemption: who has to make room for others that are owed it, and what becomes of him. A task whose deadline was
// admitted and that would miss it takes what it needs from those that have none; whose queue has waited below its share
// takes what was borrowed (loop_reclaim.cc).
//
// Where cores alone are short, who has to go stands still and keeps its memory; it goes on when there are cores again.
// Otherwise it is ended and runs again. Nobody is ended for others more than a few times.
#include <fmt/format.h>

#include <algorithm>

#include "plimsoll/base/probe.h"
#include "plimsoll/loop/decisions.h"
#include "plimsoll/loop/loop.h"
#include "plimsoll/schedule/preemption.h"

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

/// Tasks that are due now, and have not started though they were considered.
void Loop::save_deadlines(Instant now) {
    if (!has_due_ || !leaving_.empty()) return;
    for (const auto& [latest_start, id] : queue_.deadlines()) {
        if (latest_start > now + lead) return;
        if (due_[id] <= now || running_.empty()) continue;  // nothing can save it any more
        const Ask& ask = asks_.at(id).ask;
        if (queue_.shares().limited_by(queue_.queue_of(id), ask.amounts)) continue;
        const auto made =
            schedule::preempt_for({.ask = ask.amounts, .benefit_s = promise_worth_s}, stoppable(now), free_at(now));
        if (!made) continue;
        const std::string reason = fmt::format("{} must start now to be done by its deadline", tasks_[id].task.name);
        for (const schedule::Preemption::Victim& victim : made->victims) preempt(victim, reason, now);
        replan_ = true;
        return;  // one at a time: what it frees the next plan sees
    }
}

/// Of each node, by id; negative where more is held than there is.
std::vector<Resources> Loop::free_at(Instant now) const {
    std::vector<Resources> free;
    for (const Calendar& node : pool_.calendars()) free.push_back(node.free_at(now));
    return free;
}

/// Who may be stopped for others: whoever has no deadline, and has not been ended for others too often.
std::vector<schedule::Stoppable> Loop::stoppable(Instant now) const {
    std::vector<schedule::Stoppable> all;
    for (const RunningAttempt* one : running_.in_order()) {
        const RunningAttempt& attempt = *one;
        const TaskId id = attempt.record.id.task;
        if (due_[id] != Instant::max() || attempt.must_die) continue;
        if (attempt.frozen_since && !attempt.is_suspended) continue;  // it waits for memory
        schedule::Stoppable who{
            .task = id,
            .node = attempt.placement.node,
            .queue = attempt.queue,
            .held = attempt.held,
            .can_freeze = edges_.limits.abilities().freezes && !attempt.cannot_freeze && !attempt.is_suspended,
            .ran = own_time(attempt, now),
            .since_checkpoint_s = lost_if_ended(attempt, now),
            .restart_s = restart_s};
        if (tasks_[id].tries.preemptions >= preemptions_at_most) {
            if (!who.can_freeze) continue;
            who.held = {.cpu = attempt.held.cpu};  // it may still stand still
        }
        all.push_back(who);
    }
    return all;
}

void Loop::preempt(const schedule::Preemption::Victim& victim, const std::string& reason, Instant now) {
    RunningAttempt& attempt = running_.at(victim.task);
    if (victim.kind == schedule::StopKind::freeze) return suspend(attempt, reason, now);
    const AttemptId id = attempt.record.id;
    attempt.ended_by = EndedBy::room;
    ++tasks_.at(id.task).tries.preemptions;
    leaving_.insert(id.task);                      // nobody else is stopped before this one's room is there
    if (attempt.frozen_since) thaw(attempt, now);  // a frozen one hears nothing
    if (save(attempt, reason, now)) {
        attempt.claim.end_by(*attempt.must_die + short_grace + settling, now);
        return noted(attempt);
    }
    record(decision("preempt", "order", format(attempt.held), {},
                    fmt::format("{}; it loses {} of work and runs again", reason, format(own_time(attempt, now)))),
           id.task, id.number);
    end_for_others(attempt, now);
}

void Loop::end_for_others(RunningAttempt& attempt, Instant now) {
    PLIM_PROBE("loop: an attempt is ended for others that are owed its room");
    attempt.must_die = now + std::min(options_.grace, short_grace);
    attempt.claim.end_by(*attempt.must_die + settling, now);  // or others would be let into a part of that room
    noted(attempt);
    edges_.engine.stop(attempt.record.id, engine::StopHow::terminate);
}

void Loop::suspend(RunningAttempt& attempt, const std::string& reason, Instant now) {
    const AttemptId id = attempt.record.id;
    if (const auto frozen = edges_.limits.freeze(id); !frozen) {
        PLIM_PROBE("loop: an attempt could not be suspended");
        attempt.cannot_freeze = true;
        return record(decision("freeze", "cpu", {}, {}, "not possible: " + frozen.error().message), id.task, id.number);
    }
    PLIM_PROBE("loop: an attempt is suspended for others that are owed its cores");
    attempt.is_suspended = true;
    attempt.frozen_since = attempt.delayed = now;
    ++attempt.record.shaping.frozen;
    Resources without = attempt.held;
    without.cpu = {};
    record(decision("freeze", "cpu", format(attempt.held.cpu), format(without.cpu), reason), id.task, id.number);
    hold_amounts(attempt, without, now);
    attempt.claim.resize(without, now);
    noted(attempt);
    tell(shaped_event(EventKind::task_frozen, attempt, reason));
}

/// Whoever stood still for others goes on where there are cores again and nothing that is due needs them, nor a queue
/// that waits below its share.
void Loop::resume_suspended(const Resources& may_hold, Instant now) {
    const bool is_one = pool_.calendars().size() == 1;
    const bool is_due = is_due_soon(now);
    const std::set<TaskId> suspended = running_.suspended();  // as they stood before: some go on
    for (const TaskId id : suspended) {
        RunningAttempt& attempt = running_.at(id);
        if (attempt.must_die) continue;
        attempt.claim.delay(now - attempt.delayed, now);
        attempt.delayed = now;
        const Cores cpu = planned(attempt, now).cpu;
        const Cores free =
            is_one ? may_hold.cpu - running_.held().cpu : pool_.calendars()[attempt.placement.node].free_at(now).cpu;
        if (is_due || free < cpu || is_claimed(attempt.queue, attempt.placement.node, now)) continue;
        Resources amounts = attempt.held;
        amounts.cpu = cpu;
        hold_amounts(attempt, amounts, now);
        attempt.claim.resize(amounts, now);
        attempt.is_suspended = false;
        thaw(attempt, now);
    }
}

/// Is a task that can still be saved about to need what there is?
bool Loop::is_due_soon(Instant now) const {
    for (const auto& [latest_start, id] : queue_.deadlines()) {
        if (latest_start > now + options_.policy.deadline_margin) return false;
        if (due_[id] > now) return true;
    }
    return false;
}

}  // namespace plimsoll::loop
