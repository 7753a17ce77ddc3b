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
        RunningAttempt* attempt = books_.running.find(one.attempt.task);
        if (is_saving(one.attempt)) {
            if (const auto saved = preemptor_.settle_saving(one, one.at)) settle_one(*saved);
        } else if (attempt != nullptr && attempt->is_being_saved) {
            attempt->ended_meanwhile = one;
        } else {
            settle_one(one);
        }
    }
}

void Loop::settle_one(const engine::Ended& ended) {
    RunningAttempt attempt = books_.running.take(ended.attempt.task);
    preemptor_.note_end(ended.attempt.task);
    give_back_devices(attempt);
    if (attempt.watched) books_.edges.limits.forget(ended.attempt);
    books_.replan = true;
    if (ended.outcome.ending != Ending::not_started) starts_after_ = {};
    if (const auto last = books_.edges.usage.close(ended.attempt, attempt.placement, ended.at))
        attempt.profile.close(*last);

    account_thaw(attempt, ended.at);
    account(attempt, ended.at);
    const Duration planned = attempt.plan.end - attempt.plan.start;
    books_.queue.shares().correct(attempt.queue, attempt.plan.amounts, seconds(own_time(attempt, ended.at) - planned));

    const Task& task = books_.tasks[ended.attempt.task].task;
    AttemptRecord& record = attempt.record;
    record.ended = record.started + (ended.at - attempt.started);
    record.profile = attempt.profile.finish(attempt.started + own_time(attempt, ended.at),
                                            {.cpu = ended.cpu,
                                             .process_high_water = ended.memory_high_water,
                                             .process_at_most = ended.memory_at_most,
                                             .read_bytes = ended.read_bytes,
                                             .write_bytes = ended.write_bytes});
    record.profile.source = books_.edges.usage.kind();
    if (ended.log_bytes == Bytes{}) record.log.clear();
    std::optional<Receipt> receipt;
    record.outcome = told_by(attempt.ended_by, ended.outcome);
    const bool is_limited = !attempt.placement.group.empty();
    if (is_limited && failed_at_limit(*record.outcome, record.profile, attempt.limits)) {
        PLIM_PROBE("loop: a failure at the limit on memory is out of memory");
        record.outcome = {Ending::out_of_memory, 0, describe(*record.outcome) + " where it stood at its limit"};
    }
    if (record.outcome->ending == Ending::finished) {
        workflow::Conclusion concluded = books_.edges.workspace.conclude(task, ended.attempt);
        record.outcome = concluded.outcome;
        receipt = std::move(concluded.receipt);
    }
    if (record.outcome->ending != Ending::finished) books_.edges.workspace.set_aside(task, ended.attempt);
    else shaper_.note_finished(record);
    const Bytes limit = limit_of(attempt);
    if (!record.is_resumed) learn(record, limit);
    books_.journal.append(history::AttemptEnded{record});
    if (receipt) books_.journal.append(history::TaskSealed{ended.attempt.task, std::move(*receipt)});
    conclude(record, limit);
    if (!attempt.checkpoint.empty() && books_.tasks[task.id].state >= TaskState::finished)
        books_.edges.workspace.drop_checkpoints(task);
}

void Loop::give_back_devices(const RunningAttempt& ended) {
    if (ended.devices.empty()) return;
    schedule::give_back(books_.devices[ended.plan.node], schedule::devices_for(ended.plan.amounts.gpu), ended.devices);
}

void Loop::learn(const AttemptRecord& record, Bytes limit) {
    books_.edges.forecaster.learn(observation_of(record, limit));
    sizing_.note_learnt();
    const bool is_finished = record.outcome->ending == Ending::finished;
    if (record.forecast.is_untried && lineup_.note_end(record.kind, is_finished))
        learnt_[record.kind].next = 0;  // the others have waited for it
    size_again(record.kind);
}

void Loop::conclude(const AttemptRecord& record, Bytes limit) {
    const TaskId id = record.id.task;
    TaskTable::Entry& entry = books_.tasks.at(id);
    Event told = books_.event(EventKind::task_finished, id);
    told.reserved = record.reserved;
    told.runtime = record.reserved_time;
    told.outcome = record.outcome;
    told.used = record.profile;
    told.command = record.command;
    told.log = record.log;
    if (record.outcome->ending == Ending::finished) {
        complete(id, TaskState::finished);
        return books_.journal.tell(std::move(told));
    }
    const Bytes all_there_was = entry.tries.all_there_was;
    const Bytes most = all_there_was > Bytes{} ? all_there_was : books_.edges.capacity.total().memory;
    const Verdict verdict =
        judge({*record.outcome, limit, record.profile.runtime}, entry.task.step->retry, entry.tries, most);
    told.reason = verdict.reason;
    if (verdict.try_again && books_.stop == StopMode::none) {
        told.kind = EventKind::task_retried;
        entry.reason = verdict.reason;
        books_.journal.tell(std::move(told));
        const Instant now = books_.edges.clock.now();
        note_ready(id, id, now);
        if (books_.tasks.try_again(id)) examine(id);
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
    for (const TaskId ready : books_.tasks.complete(id, state)) {
        look_later(ready);
        note_ready(ready, id, books_.edges.clock.now());
    }
    books_.record_task(id);
    send_word(id, true);
    for (const TaskId released : books_.tasks.released_by(id)) books_.journal.delete_temporaries_of(released);
}

void Loop::give_up(TaskId id, TaskState state, const std::string& reason, Event told) {
    for (const TaskId abandoned : books_.tasks.abandon(id, state, reason)) {
        books_.queue.erase(abandoned);
        books_.asks.erase(abandoned);
        books_.record_task(abandoned);
        send_word(abandoned, false);
        // NOLINTNEXTLINE(bugprone-use-after-move): `id` is abandoned once
        books_.journal.tell(abandoned == id ? std::move(told) : books_.event(EventKind::task_cancelled, abandoned));
    }
    if (state != TaskState::failed) return;
    failed_ = true;
    if (!books_.options.keep_going && books_.stop == StopMode::none) {
        books_.stop = StopMode::drain;
        cancel_waiting("another task failed; --keep-going would have run it");
    }
}

void Loop::send_word(TaskId id, bool succeeded) {
    for (workflow::Source* source : sources_) source->done(id, succeeded);
}

void Loop::enforce_limits(RunningAttempt& attempt, Instant now) {
    if (attempt.must_die && *attempt.must_die <= now && attempt.is_being_saved) {
        preemptor_.stop_saving(attempt, now);
    } else if (attempt.must_die && *attempt.must_die <= now) {
        PLIM_PROBE("loop: an attempt outlived its grace");
        books_.edges.engine.stop(attempt.record.id, engine::StopHow::kill);
        attempt.must_die = now + books_.options.grace;
    } else if (!attempt.must_die && attempt.must_end && *attempt.must_end <= now && !attempt.frozen_since) {
        attempt.ended_by = EndedBy::timeout;
        attempt.must_die = now + books_.options.grace;
        books_.edges.engine.stop(attempt.record.id, engine::StopHow::terminate);
    }
    books_.running.note(attempt);
}

void Loop::stop_running(StopMode mode, Instant now) {
    if (mode == StopMode::drain) return;
    for (RunningAttempt* one : books_.running.in_order()) {
        RunningAttempt& attempt = *one;
        attempt.ended_by = EndedBy::cancel;
        attempt.must_die = now + books_.options.grace;
        if (attempt.frozen_since) shaper_.thaw(attempt, now);  // a frozen one hears nothing
        books_.running.note(attempt);
        books_.edges.engine.stop(attempt.record.id,
                                 mode == StopMode::kill ? engine::StopHow::kill : engine::StopHow::terminate);
    }
}

}  // namespace plimsoll::loop
