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
    if (!books_.replan && now < last_plan_ + recheck_after()) return;
    // What running tasks lack they get before others start.
    const bool may_start = books_.stop == StopMode::none && !books_.journal.is_in_trouble() && !books_.queue.empty() &&
                           now >= starts_after_ && !books_.running.some_want_memory();
    // As long as something runs, the other runs are told what it holds and uses.
    if (!may_start && books_.running.empty() && books_.held_told == Resources{}) return;
    last_plan_ = now;
    books_.replan = false;
    if (!may_start && !books_.queue.empty())
        line_ = {now, books_.journal.is_in_trouble()      ? "history"
                      : books_.running.some_want_memory() ? "memory"
                                                          : "starts"};
    Resources most;
    books_.edges.capacity.agree([&](const Resources& may_hold) {
        most = may_hold_ = may_hold;
        preemptor_.resume_suspended(may_hold, now);
        if (may_start) start_within(may_hold, now);
        else if (preemptor_.has_reclaim() && !books_.journal.is_in_trouble()) give_to_others(may_hold, now);
        books_.edges.capacity.tell_queues(sharing_.own_queues(may_start));
        books_.edges.capacity.tell_devices(books_.held_devices());
        return books_.held_told = books_.running.held();
    });
    if (may_start) tell_if_waiting(most);
}

/// One node: the machine that is shared with others. More: a cluster that keeps its own books.
void Loop::note_room(const Resources& may_hold, Instant now) {
    if (books_.is_one_machine()) {
        Resources room = may_hold;
        room.memory = std::max(Bytes{}, room.memory - shaper_.growth_room(may_hold));
        books_.pool.set_capacity(0, room);
    }
    books_.pool.advance(now);
}

void Loop::start_within(const Resources& may_hold, Instant now) {
    note_room(may_hold, now);
    lineup_.choose_pilots();
    sharing_.note_shares(now);
    std::vector<schedule::Promise> promises_now = deadlines_.promises(now);
    std::ranges::move(room_ahead_.promises(promises_now, now), std::back_inserter(promises_now));
    std::vector<schedule::DeviceNode> of_machine;  // others have some of them
    if (books_.is_one_machine() && !books_.devices.empty()) of_machine.push_back(books_.free_devices(0));
    const schedule::Snapshot snapshot{.now = now,
                                      .nodes = books_.pool.calendars(),
                                      .free = &books_.pool.free(),
                                      .promises = promises_now,
                                      .devices = books_.is_one_machine() ? of_machine : books_.devices};
    Plan plan = schedule::plan(books_.queue, snapshot, books_.options.policy);
    books_.lacking = plan.lacking;
    first_wait_.reset();
    first_limited_.reset();
    if (!plan.limited.empty()) first_limited_ = plan.limited.front();
    yields_ = !plan.yields.empty();
    if (!plan.waits.empty()) first_wait_ = std::move(plan.waits.front());
    for (const Start& chosen : plan.starts) {
        if (now < starts_after_) return;
        // One that could not be started may have ended the run, and with it the wait of the others.
        if (books_.queue.contains(chosen.task)) start(chosen, now);
        else PLIM_PROBE("loop: the run began to end while a plan was carried out");
    }
    preemptor_.save_deadlines(now);
    preemptor_.reclaim(now);
    sharing_.note_yields(plan, now);
    note_line(plan, now);
    if (plan.starts.empty() && books_.running.empty()) settle_for_less(may_hold, now);
    else stands_since_.reset();
}

/// This run starts nothing just now, and may still hold what others have waited for.
void Loop::give_to_others(const Resources& may_hold, Instant now) {
    if (!books_.queue.empty()) return;  // what its own tasks are owed is no use to them yet
    note_room(may_hold, now);
    sharing_.note_shares(now);
    preemptor_.reclaim(now);
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
    const schedule::QueueId from = books_.queue.queue_of(id);
    books_.queue.shares().serve(from, chosen.reservation.amounts,
                                seconds(chosen.reservation.end - chosen.reservation.start));
    sharing_.note_start(from);
    books_.queue.erase(id);
    Queued queued = std::move(books_.asks.extract(id).mapped());
    TaskTable::Entry& entry = books_.tasks.at(id);
    const AttemptId attempt{id, ++entry.tries.attempts};
    RunningAttempt begun = attempt_of(entry, attempt, queued, chosen, now);
    begun.queue = from;
    for (Decision& decision : size_decisions(queued.ask, *entry.task.step, sizing_.terms(*entry.task.step)))
        books_.journal.record(std::move(decision), id, attempt.number);
    for (Decision& decision : queued.ask.decisions) books_.journal.record(std::move(decision), id, attempt.number);
    books_.journal.record(start_decision(chosen, queued, now), id, attempt.number);
    take_devices(begun);
    lineup_.note_start(id, queued);
    reading_ahead_.note_start(id, attempt.number);
    books_.tasks.set_state(id, TaskState::running);
    books_.journal.append(history::AttemptStarted{begun.record});
    if (auto prepared = books_.edges.workspace.prepare(entry.task, attempt); !prepared)
        return not_started(std::move(begun), prepared.error(), now);
    if (entry.task.step->checkpoint) {
        auto folder = books_.edges.workspace.checkpoint_folder(entry.task, attempt);
        if (!folder) return not_started(std::move(begun), folder.error(), now);
        begun.checkpoint = std::move(*folder);
        begun.record.is_resumed = !entry.tries.saved.empty();
    }
    const engine::Launch launch = launch_of(entry.task, begun, chosen.reservation);
    auto placed = books_.edges.engine.start(launch);
    if (!placed) return not_started(std::move(begun), placed.error(), now);
    begun.placement = std::move(*placed);
    begun.record.group = begun.placement.group;
    begun.phase_until = next_phase(begun, now);
    begun.next_sample = std::min(telemetry::next_sample(now, now), begun.phase_until);
    Event started = books_.event(EventKind::task_started, id);
    started.reserved = begun.held;
    started.runtime = queued.ask.runtime;
    started.is_share = queued.ask.forecast.source == Provenance::request && !entry.task.step->request.memory;
    books_.journal.tell(std::move(started));
    shaper_.note(books_.running.add(std::move(begun)));
}

/// Those of its GPUs that have least left, so that whole ones stay whole.
void Loop::take_devices(RunningAttempt& begun) {
    const schedule::DeviceAsk ask = schedule::devices_for(begun.plan.amounts.gpu);
    if (ask.devices == 0 || books_.devices.empty()) return;
    const NodeId node = begun.plan.node;
    begun.devices = schedule::tightest_devices(books_.free_devices(node), ask);
    schedule::take(books_.devices[node], ask, begun.devices);
    const std::string told =
        fmt::format("{}{}", begun.devices.size() == 1 ? "GPU " : "GPUs ", fmt::join(begun.devices, ", "));
    books_.journal.record(
        decision("start", "gpu", {}, told,
                 ask.is_shared() ? "a share of it, beside others: the one with the least left that has room"
                                 : "for it alone as long as it runs"),
        begun.record.id.task, begun.record.id.number);
}

void Loop::not_started(RunningAttempt begun, const Error& error, Instant now) {
    TaskTable::Entry& entry = books_.tasks.at(begun.record.id.task);
    entry.tries.was_refused = error.kind == ErrorKind::refused;
    if (entry.tries.was_refused) wait_out(entry, now);
    const engine::Ended ended{
        .attempt = begun.record.id, .outcome = {Ending::not_started, 0, error.message}, .at = now};
    books_.running.add(std::move(begun));
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
                   .log = books_.options.log_folder + "/" + history::log_file_name(entry.task.name, attempt.number),
                   .group = {},
                   .started = books_.edges.clock.wall(),
                   .ended = {},
                   .outcome = {},
                   .profile = {}},
        .placement = {},
        .devices = {},
        .claim = books_.pool.adopt(chosen.reservation),
        .started = now,
        .must_end = {},
        .must_die = {},
        .profile = profile::ProfileBuilder(now),
        .held = amounts_at(chosen.reservation, now),
        .held_since = now,
        .limits = shaper_.limits_of(step.limit, amounts_at(chosen.reservation, now),
                                    books_.free_memory(chosen.reservation.node, now)),
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
    if (books_.running.of_unknown_runtime() == 0) return false;
    return std::ranges::any_of(books_.running.in_order(), [&](const RunningAttempt* attempt) {
        return attempt->record.reserved_time == Duration{} && attempt->claim.reservation().end <= when;
    });
}

Decision Loop::start_decision(const Start& chosen, const Queued& queued, Instant now) const {
    StartStory story{
        .cause = chosen.cause,
        .has_runtime = queued.ask.runtime > Duration{},
        .first = {},
        .is_planned = order_.is_planned(chosen.task),
        .discipline =
            books_.queue.shares().spec(books_.queue.find(books_.tasks[chosen.task].task.step->queue)).discipline,
        .kept_ahead = room_ahead_.kept_for(chosen.task, now),
        .turn = sharing_.told_turn(chosen)};
    if (chosen.cause == StartCause::ends_before || chosen.cause == StartCause::beside) {
        story.first = books_.tasks[chosen.first].task.name;
        if (!rests_on_unknown_runtime(chosen.first_start)) story.first_starts_in = chosen.first_start - now;
    }
    return decision("start", "order", {}, format(chosen.reservation.amounts), start_reason(story));
}

}  // namespace plimsoll::loop
