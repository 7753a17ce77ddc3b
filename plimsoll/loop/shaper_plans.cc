// SPDX-License-Identifier: Apache-2.0
// What running attempts hold follows their forecast over their own time: a phase that is over gives back what it
// held, the next one takes what was planned for it.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "plimsoll/base/probe.h"
#include "plimsoll/loop/decisions.h"
#include "plimsoll/loop/shaper.h"

namespace plimsoll::loop {
namespace {

/// Must what it holds be looked at in the next round, whether there is news of it or not? It waits for its next phase's
/// memory, or stands still, or comes to another phase before its next sample.
bool is_to_follow(const RunningAttempt& attempt, Instant now) {
    return attempt.frozen_since || planned(attempt, now).memory > attempt.held.memory ||
           attempt.phase_until < attempt.next_sample;
}

}  // namespace

void Shaper::note(RunningAttempt& attempt) {
    books_.running.note(attempt);
    attempt.is_off_plan = true;
    const bool is_led = books_.options.shape == ShapeMode::full && !attempt.plan.phases.empty();
    if (!is_led || attempt.is_followed || attempt.must_die) return;
    attempt.is_followed = true;
    followed_.push_back(attempt.record.id.task);
}

void Shaper::follow_plans(Instant now) {
    std::vector<TaskId> looked_at = std::exchange(followed_, {});
    std::ranges::sort(looked_at);
    std::vector<RunningAttempt*> rising, led;
    for (const TaskId task : looked_at) {
        RunningAttempt* attempt = books_.running.find(task);
        if (!attempt || !std::exchange(attempt->is_followed, false) || attempt->must_die) continue;
        led.push_back(attempt);
        if (planned(*attempt, now).memory > attempt->held.memory) rising.push_back(attempt);
        else follow_plan(*attempt, {}, now);
    }
    if (!rising.empty())
        books_.edges.capacity.agree([&](const Resources& may_hold) {
            for (RunningAttempt* attempt : rising) {
                const Bytes free = books_.is_one_machine()
                                       ? may_hold.memory - books_.running.held().memory
                                       : books_.pool.calendars()[attempt->placement.node].free_at(now).memory;
                follow_plan(*attempt, free, now);
            }
            return books_.held_told = books_.running.held();
        });
    for (RunningAttempt* attempt : led) {
        attempt->is_off_plan = planned(*attempt, now) != attempt->held;
        if (is_to_follow(*attempt, now)) note(*attempt);
    }
}

void Shaper::follow_plan(RunningAttempt& attempt, Bytes free, Instant now) {
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
        books_.journal.record(
            memory_decision("follow", attempt.held.memory, next.memory,
                            fmt::format("its forecast for the time from {} of it on", format(own_time(attempt, now)))),
            id.task, id.number);
    free -= next.memory - attempt.held.memory;
    plan_again_if(clamp_to_zero(attempt.held - next));
    hold(attempt, next, std::max(Bytes{}, free), now);
    books_.journal.tell(books_.shaped_event(EventKind::task_shaped, attempt, "its forecast for this time of it"));
}

/// Memory that is given back starts nothing where cores are what all that waits lacks.
void Shaper::plan_again_if(const Resources& freed) {
    const ResourceCounts counts = counts_of(freed);
    std::uint32_t still_lacking = books_.lacking;
    for (std::size_t kind = 0; kind < counts.size(); ++kind)
        if (counts[kind] > 0) still_lacking &= ~(std::uint32_t{1} << kind);
    books_.replan |= still_lacking == 0;
}

}  // namespace plimsoll::loop
