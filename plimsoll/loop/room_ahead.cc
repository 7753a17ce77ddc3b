// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/loop/room_ahead.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "plimsoll/base/probe.h"
#include "plimsoll/loop/coming.h"
#include "plimsoll/loop/decisions.h"
#include "plimsoll/loop/earliest_room.h"

namespace plimsoll::loop {
namespace {

// Predictions do not change between two ends.
constexpr Duration ahead_pause = std::chrono::milliseconds(500);
/// On which room is looked for.
constexpr std::size_t nodes_most = 64;

/// Of the tasks that it still waits for; nothing unless all of them run.
std::optional<std::vector<allocate::PredictedEnd>> ends_before(const TaskTable& tasks, const RunningAttempts& running,
                                                               TaskId id) {
    std::vector<allocate::PredictedEnd> ends;
    bool all_run = true;
    tasks.each_before(id, [&](TaskId need) {
        if (is_done(tasks[need].state)) return;
        const RunningAttempt* attempt = running.find(need);
        if (attempt == nullptr || attempt->frozen_since) return void(all_run = false);
        const Estimate& runtime = attempt->record.forecast.runtime;
        if (runtime.p50 <= 0) return void(all_run = false);
        ends.push_back({.typical = attempt->started + from_seconds(runtime.p50),
                        .bound = attempt->started + from_seconds(runtime.bound),
                        .confidence = runtime.measured ? runtime.measured : runtime.stated});
    });
    if (!all_run) return std::nullopt;
    return ends;
}

/// The nodes as they will be if what it waits for has ended by `from`.
void let_end(std::vector<Calendar>& nodes, const TaskTable& tasks, const RunningAttempts& running, TaskId id,
             Instant from, std::unordered_set<TaskId>& ended) {
    tasks.each_before(id, [&](TaskId need) {
        const RunningAttempt* attempt = running.find(need);
        if (attempt == nullptr || !ended.insert(need).second) return;
        Reservation held = attempt->claim.reservation();
        nodes[held.node].remove(held);
        held.end = std::min(held.end, from);
        nodes[held.node].add(held);
    });
}

}  // namespace

/// Would it be the first in line of all that waits? Where several queues have work nobody knows whose turn it will be.
bool RoomAhead::would_go_first(TaskId id, const Resources& amounts) const {
    const schedule::QueueId own = books_.queue.find(books_.tasks[id].task.step->queue);
    const schedule::Queue& line = books_.queue.line(own);
    if (line.size() != books_.queue.tasks() || !books_.queue.neighbours().empty()) return false;
    if (books_.queue.shares().limited_by(own, amounts)) return false;
    return line.empty() || line.place_of(lineup_.candidate(id, order_.rank(id))) < line.groups().begin()->first;
}

std::vector<schedule::Promise> RoomAhead::promises(const std::vector<schedule::Promise>& due, Instant now) {
    std::erase_if(kept_, [&](const allocate::KeptAhead& kept) {
        const TaskState state = books_.tasks[kept.task].state;
        return state != TaskState::waiting && state != TaskState::ready;
    });
    if (now >= next_look_) look(due, now);
    std::vector<schedule::Promise> promises;
    for (const allocate::KeptAhead& kept : kept_)
        if (!kept.is_given_up && books_.tasks[kept.task].state == TaskState::waiting)
            promises.push_back({.task = kept.task, .reservation = kept.reservation});
    return promises;
}

void RoomAhead::look(const std::vector<schedule::Promise>& due, Instant now) {
    next_look_ = now + ahead_pause;
    std::vector<Calendar> nodes;
    std::unordered_set<TaskId> ended, wanted;
    for (const TaskId id : waiting_for_running(books_)) {
        if (std::ranges::find(due, id, &schedule::Promise::task) != due.end()) continue;
        const auto before = std::ranges::find(kept_, id, &allocate::KeptAhead::task);
        if (before != kept_.end() && before->is_given_up) continue;
        const auto ends = ends_before(books_.tasks, books_.running, id);
        const Sizing::Typical& typical = sizing_.typical_of(*books_.tasks[id].task.step);
        const auto ahead = ends ? allocate::room_ahead(*ends, typical.takes, now, books_.options.ahead)
                                : std::optional<allocate::Ahead>();
        if (!ahead || !would_go_first(id, typical.amounts)) continue;
        if (nodes.empty()) {
            nodes = books_.pool.calendars();
            for (const schedule::Promise& promise : due) nodes[promise.reservation.node].add(promise.reservation);
        }
        let_end(nodes, books_.tasks, books_.running, id, ahead->from, ended);
        const auto room = earliest_room(nodes, typical.amounts, typical.runtime, ahead->from, nodes_most);
        if (!room || room->start >= end_of(now, std::min(books_.options.ahead.lead_at_most, typical.takes))) continue;
        nodes[room->node].add(*room);
        wanted.insert(id);
        if (before != kept_.end()) before->reservation = *room;
        else begin(id, *room, *ahead, now);
    }
    for (allocate::KeptAhead& kept : kept_)
        if (!kept.is_given_up && !wanted.contains(kept.task) && books_.tasks[kept.task].state == TaskState::waiting)
            give_up(kept, now);
}

void RoomAhead::begin(TaskId id, const Reservation& room, const allocate::Ahead& why, Instant now) {
    kept_.push_back({.task = id, .reservation = room, .since = now});
    books_.journal.record(
        decision("reserve", "order", {}, format(room.amounts),
                 fmt::format("room is kept for it in {}, {} (sure to {:.0f} %)", format(room.start - now),
                             why.is_early ? "when what it needs typically ends"
                                          : "by when what it needs has ended at the latest, since that is uncertain",
                             100 * why.confidence)),
        id, books_.tasks[id].tries.attempts + 1);
}

void RoomAhead::give_up(allocate::KeptAhead& kept, Instant now) {
    PLIM_PROBE("loop: room that was kept ahead is given up");
    kept.is_given_up = true;
    books_.journal.record(
        decision("reserve", "order", format(kept.reservation.amounts), "nothing",
                 fmt::format("room kept for it for {} is given up: what it needs has not ended as predicted, or others "
                             "go before it",
                             format(now - kept.since))),
        kept.task, books_.tasks[kept.task].tries.attempts + 1);
    books_.replan = true;
}

std::optional<Duration> RoomAhead::kept_for(TaskId id, Instant now) const {
    const auto kept = std::ranges::find(kept_, id, &allocate::KeptAhead::task);
    if (kept == kept_.end() || kept->is_given_up) return std::nullopt;
    return now - kept->since;
}

}  // namespace plimsoll::loop
