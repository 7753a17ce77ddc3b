// SPDX-License-Identifier: Apache-2.0
// The first half of a round: of what is queued, what fits is started.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "plimsoll/base/probe.h"
#include "plimsoll/history/location.h"
#include "plimsoll/loop/decisions.h"
#include "plimsoll/loop/loop.h"
#include "plimsoll/loop/retry.h"
#include "plimsoll/loop/start_reason.h"
#include "plimsoll/telemetry/sampling.h"

namespace plimsoll::loop {

void Loop::start_what_fits(Instant now) {
    if (!replan_ && now < last_plan_ + recheck_after()) return;
    // What running tasks lack they get before others start.
    const bool may_start = stop_ == StopMode::none && !trouble_since_ && !queue_.empty() && now >= starts_after_ &&
                           !running_.some_want_memory();
    // As long as something runs, the other runs are told what it holds and uses.
    if (!may_start && running_.empty() && held_told_ == Resources{}) return;
    last_plan_ = now;
    replan_ = false;
    if (!may_start && !queue_.empty())
        line_ = {now, trouble_since_ ? "history" : running_.some_want_memory() ? "memory" : "starts"};
    Resources most;
    edges_.capacity.agree([&](const Resources& may_hold) {
        most = may_hold_ = may_hold;
        resume_suspended(may_hold, now);
        if (may_start) start_within(may_hold, now);
        else if (has_reclaim_ && !trouble_since_) give_to_others(may_hold, now);
        edges_.capacity.tell_queues(own_queues(may_start));
        return held_told_ = running_.held();
    });
    if (may_start) tell_if_waiting(most);
}

/// One node: the machine that is shared with others. More: a cluster that keeps its own books.
void Loop::note_room(const Resources& may_hold, Instant now) {
    if (pool_.calendars().size() == 1) {
        Resources room = may_hold;
        room.memory = std::max(Bytes{}, room.memory - growth_room(may_hold));
        pool_.set_capacity(0, room);
    }
    pool_.advance(now);
}

void Loop::start_within(const Resources& may_hold, Instant now) {
    note_room(may_hold, now);
    choose_pilots();
    note_shares(now);
    std::vector<schedule::Promise> promises_now = promises(now);
    std::ranges::move(keep_ahead(promises_now, now), std::back_inserter(promises_now));
    const schedule::Snapshot snapshot{
        .now = now, .nodes = pool_.calendars(), .free = &pool_.free(), .promises = promises_now};
    Plan plan = schedule::plan(queue_, snapshot, options_.policy);
    lacking_ = plan.lacking;
    first_wait_.reset();
    first_limited_.reset();
    if (!plan.limited.empty()) first_limited_ = plan.limited.front();
    yields_ = !plan.yields.empty();
    if (!plan.waits.empty()) first_wait_ = std::move(plan.waits.front());
    for (const Start& chosen : plan.starts) {
        if (now < starts_after_) return;
        // One that could not be started may have ended the run, and with it the wait of the others.
        if (queue_.contains(chosen.task)) start(chosen, now);
        else PLIM_PROBE("loop: the run began to end while a plan was carried out");
    }
    save_deadlines(now);
    reclaim(now);
    note_yields(plan, now);
    note_line(plan, now);
    if (plan.starts.empty() && running_.empty()) settle_for_less(may_hold, now);
    else stands_since_.reset();
}

/// What who stands in line now lacks.
void Loop::note_line(const Plan& plan, Instant now) {
    if (!plan.waits.empty()) {
        const std::string_view lack = plan.waits.front().lack;
        line_ = {now, lack.empty() ? "order" : std::string(lack)};
    } else if (!plan.limited.empty() || !plan.yields.empty()) {
        line_ = {now, "queue"};
    }
}

void Loop::start(const Start& chosen, Instant now) {
    const TaskId id = chosen.task;
    const schedule::QueueId from = queue_.queue_of(id);
    queue_.shares().serve(from, chosen.reservation.amounts, seconds(chosen.reservation.end - chosen.reservation.start));
    holding_queues_.push_back(from);  // it may have ended before the shares are looked at again
    queue_.erase(id);
    Queued queued = std::move(asks_.extract(id).mapped());
    TaskTable::Entry& entry = tasks_.at(id);
    const AttemptId attempt{id, ++entry.tries.attempts};
    RunningAttempt begun = attempt_of(entry, attempt, queued, chosen, now);
    begun.queue = from;
    for (Decision& decision : size_decisions(queued.ask, *entry.task.step, sizing_terms(*entry.task.step)))
        record(std::move(decision), id, attempt.number);
    for (Decision& decision : queued.ask.decisions) record(std::move(decision), id, attempt.number);
    record(start_decision(chosen, queued, now), id, attempt.number);
    note_pilot(id, queued);
    note_prefetched(id, attempt.number);
    tasks_.set_state(id, TaskState::running);
    last_ticket_ = edges_.store.append(history::AttemptStarted{begun.record});
    if (auto prepared = edges_.workspace.prepare(entry.task, attempt); !prepared)
        return not_started(std::move(begun), prepared.error(), now);
    if (entry.task.step->checkpoint) {
        auto folder = edges_.workspace.checkpoint_folder(entry.task, attempt);
        if (!folder) return not_started(std::move(begun), folder.error(), now);
        begun.checkpoint = std::move(*folder);
        begun.record.is_resumed = !entry.tries.saved.empty();
    }
    const engine::Launch launch = launch_of(entry.task, begun, chosen.reservation);
    auto placed = edges_.engine.start(launch);
    if (!placed) return not_started(std::move(begun), placed.error(), now);
    begun.placement = std::move(*placed);
    begun.record.group = begun.placement.group;
    begun.phase_until = next_phase(begun, now);
    begun.next_sample = std::min(telemetry::next_sample(now, now), begun.phase_until);
    Event started = event(EventKind::task_started, id);
    started.reserved = begun.held;
    started.runtime = queued.ask.runtime;
    started.is_share = queued.ask.forecast.source == Provenance::request && !entry.task.step->request.memory;
    tell(std::move(started));
    noted(running_.add(std::move(begun)));
}

void Loop::not_started(RunningAttempt begun, const Error& error, Instant now) {
    TaskTable::Entry& entry = tasks_.at(begun.record.id.task);
    entry.tries.was_refused = error.kind == ErrorKind::refused;
    if (entry.tries.was_refused) wait_out(entry, now);
    const engine::Ended ended{
        .attempt = begun.record.id, .outcome = {Ending::not_started, 0, error.message}, .at = now};
    running_.add(std::move(begun));
    settle_one(ended);
}

RunningAttempt Loop::attempt_of(const TaskTable::Entry& entry, AttemptId attempt, const Queued& queued,
                                const Start& chosen, Instant now) {
    const Step& step = *entry.task.step;
    RunningAttempt begun{
        .record = {.id = attempt,
                   .task_name = entry.task.name,
                   .kind = step.kind,
                   .features = queued.features,
                   .request = step.request,
                   .wait = wait_of(entry.task.id, now),
                   .forecast = queued.ask.forecast,
                   .reserved = amounts_at(chosen.reservation, now),
                   .reserved_time = queued.ask.runtime,
                   .command = command_line(entry.task.command, Cores{static_cast<double>(queued.ask.forecast.threads)},
                                           chosen.reservation.amounts.memory),
                   .log = options_.log_folder + "/" + history::log_file_name(entry.task.name, attempt.number),
                   .group = {},
                   .started = edges_.clock.wall(),
                   .ended = {},
                   .outcome = {},
                   .profile = {}},
        .placement = {},
        .claim = pool_.adopt(chosen.reservation),
        .started = now,
        .must_end = {},
        .must_die = {},
        .profile = profile::ProfileBuilder(now),
        .held = amounts_at(chosen.reservation, now),
        .held_since = now,
        .limits = limits_of(step.limit, amounts_at(chosen.reservation, now), free_memory(chosen.reservation.node, now)),
        .plan = chosen.reservation,
        .use = {},
        .cpu_use = {},
        .judged_from = now,
        .frozen_since = {},
        .inspected = now};
    if (const auto limit = time_limit(step, entry.tries)) begun.must_end = now + *limit;
    return begun;
}

/// Whether some running task of unknown runtime is taken to end by then, and not later.
bool Loop::rests_on_unknown_runtime(Instant when) const {
    if (running_.of_unknown_runtime() == 0) return false;
    return std::ranges::any_of(running_.in_order(), [&](const RunningAttempt* attempt) {
        return attempt->record.reserved_time == Duration{} && attempt->claim.reservation().end <= when;
    });
}

Decision Loop::start_decision(const Start& chosen, const Queued& queued, Instant now) const {
    StartStory story{.cause = chosen.cause,
                     .has_runtime = queued.ask.runtime > Duration{},
                     .first = {},
                     .is_planned = chosen.task < planned_.size(),
                     .discipline = queue_.shares().spec(queue_.find(tasks_[chosen.task].task.step->queue)).discipline,
                     .kept_ahead = kept_ahead_for(chosen.task, now),
                     .turn = told_turn(chosen)};
    if (chosen.cause == StartCause::ends_before || chosen.cause == StartCause::beside) {
        story.first = tasks_[chosen.first].task.name;
        if (!rests_on_unknown_runtime(chosen.first_start)) story.first_starts_in = chosen.first_start - now;
    }
    return decision("start", "order", {}, format(chosen.reservation.amounts), start_reason(story));
}

}  // namespace plimsoll::loop
