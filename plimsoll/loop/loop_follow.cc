// SPDX-License-Identifier: Apache-2.0
// What running attempts hold follows their forecast over their own time: a phase that is over gives back what it
// held, the next one takes what was planned for it.
#include <fmt/format.h>

#include <algorithm>

#include "plimsoll/base/probe.h"
#include "plimsoll/loop/decisions.h"
#include "plimsoll/loop/loop.h"

namespace plimsoll::loop {

/// Where the forecast says that by now a task needs more or less than before, that is what it holds. Falls come
/// first: they make the room.
void Loop::follow_plans(Instant now) {
    if (options_.shape != ShapeMode::full) return;
    const auto is_led = [](const RunningAttempt& attempt) { return !attempt.plan.phases.empty() && !attempt.must_die; };
    const auto is_to_rise = [&](const RunningAttempt& attempt) {
        return is_led(attempt) && planned(attempt, now).memory > attempt.held.memory;
    };
    bool some_rise = false;
    for (auto& [id, attempt] : running_) {
        if (is_to_rise(attempt)) some_rise = true;
        else if (is_led(attempt)) follow_plan(attempt, {}, now);
    }
    if (!some_rise) return;
    edges_.capacity.agree([&](const Resources& may_hold) {
        for (auto& [id, attempt] : running_) {
            if (!is_to_rise(attempt)) continue;
            const Bytes free = pool_.calendars().size() == 1
                                   ? may_hold.memory - held_by(running_).memory
                                   : pool_.calendars()[attempt.placement.node].free_at(now).memory;
            follow_plan(attempt, free, now);
        }
        return held_told_ = held_by(running_);
    });
}

void Loop::follow_plan(RunningAttempt& attempt, Bytes free, Instant now) {
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
    if (next.memory != attempt.held.memory)
        record(
            memory_decision("follow", attempt.held.memory, next.memory,
                            fmt::format("its forecast for the time from {} of it on", format(own_time(attempt, now)))),
            id.task, id.number);
    free -= next.memory - attempt.held.memory;
    hold(attempt, next, std::max(Bytes{}, free), now);
    tell(shaped_event(EventKind::task_shaped, attempt, "its forecast for this time of it"));
    replan_ = true;
}

}  // namespace plimsoll::loop
