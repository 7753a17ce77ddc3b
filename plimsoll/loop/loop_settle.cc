// SPDX-License-Identifier: Apache-2.0
// The second half of a round: what ended is judged, recorded and learnt from; what it frees goes on.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "plimsoll/base/probe.h"
#include "plimsoll/loop/loop.h"
#include "plimsoll/loop/retry.h"

namespace plimsoll::loop {
namespace {

/// What the engine saw; if we had asked for the end, this is what it meant. A command that catches the signal and
/// then exits 0 was interrupted all the same: what it wrote may be half of it.
Outcome told_by(EndedBy ended_by, Outcome seen) {
    if (seen.ending == Ending::out_of_memory) return seen;
    if (ended_by == EndedBy::timeout) return {Ending::timeout, 0, {}};
    if (ended_by == EndedBy::cancel) return {Ending::cancelled, 0, {}};
    if (ended_by == EndedBy::room) return {Ending::preempted, 0, {}};
    if (ended_by == EndedBy::memory) return {Ending::out_of_memory, 0, {}};
    return seen;
}

/// The memory beyond which it could not go: where the kernel stopped it, the hard limit stood above what it held.
Bytes limit_of(const RunningAttempt& attempt) {
    return attempt.ended_by == EndedBy::memory ? attempt.held.memory
                                               : std::max(attempt.record.reserved.memory, attempt.limits.memory);
}

Observation observation_of(const AttemptRecord& record, Bytes limit) {
    return {.kind = record.kind,
            .features = record.features,
            .profile = record.profile,
            .ending = record.outcome->ending,
            .reserved_memory = limit,
            .reserved_cpu = record.reserved.cpu};
}

}  // namespace

void Loop::settle(const std::vector<engine::Ended>& ended) {
    for (const engine::Ended& one : ended) {
        RunningAttempt* attempt = running_.find(one.attempt.task);
        if (is_saving(one.attempt)) settle_saving(one, one.at);
        else if (attempt != nullptr && attempt->is_being_saved) attempt->ended_meanwhile = one;
        else settle_one(one);
    }
}

void Loop::settle_one(const engine::Ended& ended) {
    RunningAttempt attempt = running_.take(ended.attempt.task);
    leaving_.erase(ended.attempt.task);
    if (attempt.watched) edges_.limits.forget(ended.attempt);
    replan_ = true;
    if (ended.outcome.ending != Ending::not_started) starts_after_ = {};
    if (const auto last = edges_.usage.close(ended.attempt, attempt.placement, ended.at)) attempt.profile.close(*last);

    account_thaw(attempt, ended.at);
    account(attempt, ended.at);
    const Duration planned = attempt.plan.end - attempt.plan.start;
    queue_.shares().correct(attempt.queue, attempt.plan.amounts, seconds(own_time(attempt, ended.at) - planned));

    const Task& task = tasks_[ended.attempt.task].task;
    AttemptRecord& record = attempt.record;
    record.ended = record.started + (ended.at - attempt.started);
    record.profile = attempt.profile.finish(attempt.started + own_time(attempt, ended.at),
                                            {.cpu = ended.cpu,
                                             .process_high_water = ended.memory_high_water,
                                             .process_at_most = ended.memory_at_most,
                                             .read_bytes = ended.read_bytes,
                                             .write_bytes = ended.write_bytes});
    record.profile.source = edges_.usage.kind();
    if (ended.log_bytes == Bytes{}) record.log.clear();
    std::optional<Receipt> receipt;
    record.outcome = told_by(attempt.ended_by, ended.outcome);
    const bool is_limited = !attempt.placement.group.empty();
    if (is_limited && failed_at_limit(*record.outcome, record.profile, attempt.limits)) {
        PLIM_PROBE("loop: a failure at the limit on memory is out of memory");
        record.outcome = {Ending::out_of_memory, 0, describe(*record.outcome) + " where it stood at its limit"};
    }
    if (record.outcome->ending == Ending::finished) {
        workflow::Conclusion concluded = edges_.workspace.conclude(task, ended.attempt);
        record.outcome = concluded.outcome;
        receipt = std::move(concluded.receipt);
    }
    if (record.outcome->ending != Ending::finished) edges_.workspace.set_aside(task, ended.attempt);
    else growth_seen_.finished(record.kind, record.forecast.source == Provenance::request);
    const Bytes limit = limit_of(attempt);
    if (!record.is_resumed) learn(record, limit);
    last_ticket_ = edges_.store.append(history::AttemptEnded{record});
    if (receipt) last_ticket_ = edges_.store.append(history::TaskSealed{ended.attempt.task, std::move(*receipt)});
    conclude(record, limit);
    if (!attempt.checkpoint.empty() && tasks_[task.id].state >= TaskState::finished)
        edges_.workspace.drop_checkpoints(task);
}

void Loop::learn(const AttemptRecord& record, Bytes limit) {
    edges_.forecaster.learn(observation_of(record, limit));
    last_sized_.reset();
    const bool is_finished = record.outcome->ending == Ending::finished;
    if (record.forecast.is_untried && pilots_.ended(record.kind, is_finished))
        learnt_[record.kind].next = 0;  // the others have waited for it
    size_again(record.kind);
}

void Loop::conclude(const AttemptRecord& record, Bytes limit) {
    const TaskId id = record.id.task;
    TaskTable::Entry& entry = tasks_.at(id);
    Event told = event(EventKind::task_finished, id);
    told.reserved = record.reserved;
    told.runtime = record.reserved_time;
    told.outcome = record.outcome;
    told.used = record.profile;
    told.command = record.command;
    told.log = record.log;
    if (record.outcome->ending == Ending::finished) {
        complete(id, TaskState::finished);
        return tell(std::move(told));
    }
    const Bytes all_there_was = entry.tries.all_there_was;
    const Bytes most = all_there_was > Bytes{} ? all_there_was : edges_.capacity.total().memory;
    const Verdict verdict =
        judge({*record.outcome, limit, record.profile.runtime}, entry.task.step->retry, entry.tries, most);
    told.reason = verdict.reason;
    if (verdict.try_again && stop_ == StopMode::none) {
        told.kind = EventKind::task_retried;
        entry.reason = verdict.reason;
        tell(std::move(told));
        const Instant now = edges_.clock.now();
        note_ready(id, id, now);
        if (tasks_.try_again(id)) examine(id);
        return;
    }
    if (verdict.try_again) {
        PLIM_PROBE("loop: a retry is left out because the run is ending");
        told.reason = describe(*record.outcome) + "; not tried again because the run is ending";
    }
    const bool cancelled = record.outcome->ending == Ending::cancelled;
    told.kind = cancelled ? EventKind::task_cancelled : EventKind::task_failed;
    if (cancelled) told.reason = "the run was stopped while it ran";
    const std::string reason = told.reason;
    give_up(id, cancelled ? TaskState::cancelled : TaskState::failed, reason, std::move(told));
}

void Loop::complete(TaskId id, TaskState state) {
    for (const TaskId ready : tasks_.complete(id, state)) {
        unexamined_.insert({-rank_of(ready), ready});
        note_ready(ready, id, edges_.clock.now());
    }
    const std::uint64_t ticket = record_task(id);
    send_word(id, true);
    for (const TaskId released : tasks_.released_by(id)) outbox_.delete_temporaries_of(released, ticket);
}

void Loop::give_up(TaskId id, TaskState state, const std::string& reason, Event told) {
    for (const TaskId abandoned : tasks_.abandon(id, state, reason)) {
        queue_.erase(abandoned);
        asks_.erase(abandoned);
        record_task(abandoned);
        send_word(abandoned, false);
        // NOLINTNEXTLINE(bugprone-use-after-move): `id` is abandoned once
        tell(abandoned == id ? std::move(told) : event(EventKind::task_cancelled, abandoned));
    }
    if (state != TaskState::failed) return;
    failed_ = true;
    if (!options_.keep_going && stop_ == StopMode::none) {
        stop_ = StopMode::drain;
        cancel_waiting("another task failed; --keep-going would have run it");
    }
}

void Loop::send_word(TaskId id, bool succeeded) {
    for (workflow::Source* source : sources_) source->done(id, succeeded);
}

void Loop::enforce_limits(RunningAttempt& attempt, Instant now) {
    if (attempt.must_die && *attempt.must_die <= now && attempt.is_being_saved) {
        stop_saving(attempt, now);
    } else if (attempt.must_die && *attempt.must_die <= now) {
        PLIM_PROBE("loop: an attempt outlived its grace");
        edges_.engine.stop(attempt.record.id, engine::StopHow::kill);
        attempt.must_die = now + options_.grace;
    } else if (!attempt.must_die && attempt.must_end && *attempt.must_end <= now && !attempt.frozen_since) {
        attempt.ended_by = EndedBy::timeout;
        attempt.must_die = now + options_.grace;
        edges_.engine.stop(attempt.record.id, engine::StopHow::terminate);
    }
    running_.note(attempt);
}

void Loop::stop_running(StopMode mode, Instant now) {
    if (mode == StopMode::drain) return;
    for (RunningAttempt* one : running_.in_order()) {
        RunningAttempt& attempt = *one;
        attempt.ended_by = EndedBy::cancel;
        attempt.must_die = now + options_.grace;
        if (attempt.frozen_since) thaw(attempt, now);  // a frozen one hears nothing
        running_.note(attempt);
        edges_.engine.stop(attempt.record.id,
                           mode == StopMode::kill ? engine::StopHow::kill : engine::StopHow::terminate);
    }
}

}  // namespace plimsoll::loop
