// SPDX-License-Identifier: Apache-2.0
// What running attempts hold follows their forecast over their own time: a phase that is over gives back what it
// held, the next one takes what was planned for it.
#include <fmt/format.h>

#include <algorithm>

#include "plimsoll/base/probe.h"
#include "plimsoll/loop/loop.h"

namespace plimsoll::loop {
namespace {

Decision followed(Bytes old_memory, Bytes new_memory, Duration lived) {
    Decision made;
    made.action = "follow";
    made.subject = "memory";
    made.old_value = format(old_memory);
    made.new_value = format(new_memory);
    made.reason = fmt::format("its forecast for the time from {} of it on", format(lived));
    return made;
}

}  // namespace

/// Where the forecast says that by now a task needs more or less than before, that is what it holds. Falls come
/// first: they make the room.
void Loop::follow_plans(Instant now) {
    if (options_.shape != ShapeMode::full) return;
    std::vector<RunningAttempt*> due;
    for (auto& [id, attempt] : running_)
        if (!attempt.plan.phases.empty() && !attempt.must_die) due.push_back(&attempt);
    if (due.empty()) return;
    std::ranges::stable_sort(
        due, {}, [now](const RunningAttempt* attempt) { return planned(*attempt, now).memory > attempt->held.memory; });
    const bool rises = planned(*due.back(), now).memory > due.back()->held.memory;
    Bytes nothing{};
    for (RunningAttempt* attempt : due)
        if (planned(*attempt, now).memory <= attempt->held.memory) follow_plan(*attempt, nothing, now);
    if (!rises) return;
    edges_.capacity.agree([&](const Resources& may_hold) {
        for (RunningAttempt* attempt : due) {
            Bytes free = pool_.calendars().size() == 1 ? may_hold.memory - held_by(running_).memory
                                                       : pool_.calendars()[attempt->placement.node].free_at(now).memory;
            follow_plan(*attempt, free, now);
        }
        return held_told_ = held_by(running_);
    });
}

void Loop::follow_plan(RunningAttempt& attempt, Bytes& free, Instant now) {
    const Resources& expected = planned(attempt, now);
    if (attempt.frozen_since) {
        attempt.claim.delay(now - attempt.delayed, now);
        attempt.delayed = now;
        return;
    }
    Resources next = attempt.held;
    next.cpu = expected.cpu;
    const Bytes more = expected.memory - attempt.held.memory;
    const bool rises = more > Bytes{} && more <= free;
    const bool falls = more < Bytes{} && !attempt.outgrown && attempt.use.now <= expected.memory;
    if (rises || falls) next.memory = expected.memory;
    else if (more > Bytes{}) want(attempt, expected.memory, now);
    if (next == attempt.held) {
        // Time went on in the books, and it still holds what it held.
        if (attempt.claim.held(now) != attempt.held) attempt.claim.resize(attempt.held, now);
        return;
    }
    PLIM_PROBE("loop: what an attempt holds follows its forecast");
    const AttemptId id = attempt.record.id;
    free -= next.memory - attempt.held.memory;
    if (next.memory != attempt.held.memory)
        record(followed(attempt.held.memory, next.memory, own_time(attempt, now)), id.task, id.number);
    hold(attempt, next, std::max(Bytes{}, free), now);
    Event told = event(EventKind::task_shaped, id.task);
    told.reserved = attempt.held;
    told.runtime = attempt.record.reserved_time;
    told.reason = "its forecast for this time of it";
    tell(std::move(told));
    replan_ = true;
}

}  // namespace plimsoll::loop
