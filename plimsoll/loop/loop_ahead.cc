// SPDX-License-Identifier: Apache-2.0
// Room ahead of need: tasks that wait for nothing but tasks which are about to end find theirs free when it is their
// turn.
//
// It serves no task that would not go first were it ready, so it takes nothing from those before it in line; what waits
// behind it starts where it leaves that room alone. What is due (loop_deadlines.cc) has its room before.
#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <unordered_set>

#include "plimsoll/base/probe.h"
#include "plimsoll/loop/decisions.h"
#include "plimsoll/loop/loop.h"

namespace plimsoll::loop {
namespace {

// Predictions do not change between two ends.
constexpr Duration ahead_pause = std::chrono::milliseconds(500);
/// Of tasks that come next; and of nodes on which their room is looked for.
constexpr std::size_t coming_most = 64, nodes_most = 64;

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

/// Tasks that wait for what runs, a few.
std::set<TaskId> waiting_for_running(const TaskTable& tasks, const RunningAttempts& running) {
    std::set<TaskId> waiting;
    for (const RunningAttempt* attempt : running.in_order())
        for (const TaskId dependent : tasks[attempt->record.id.task].dependents) {
            if (waiting.size() == coming_most) return waiting;
            if (tasks[dependent].state == TaskState::waiting) waiting.insert(dependent);
        }
    return waiting;
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

/// From then on or, where that is not possible, as soon after as it fits.
std::optional<Reservation> place_ahead(const std::vector<Calendar>& nodes, const Resources& amounts, Duration runtime,
                                       Instant from) {
    std::optional<Reservation> best;
    const Need need = need_of(amounts);
    for (NodeId node = 0; node < std::min(nodes.size(), nodes_most); ++node) {
        const auto start = nodes[node].earliest_start(need, runtime, from);
        if (!start || (best && best->start <= *start)) continue;
        best = {.amounts = amounts, .start = *start, .end = end_of(*start, runtime), .node = node};
        if (*start == from) break;
    }
    return best;
}

}  // namespace

/// Would it be the first in line of all that waits? Where several queues have work nobody knows whose turn it will be.
bool Loop::would_go_first(TaskId id, const Resources& amounts) const {
    const schedule::QueueId own = queue_.find(tasks_[id].task.step->queue);
    const schedule::Queue& line = queue_.line(own);
    if (line.size() != queue_.tasks() || !queue_.neighbours().empty()) return false;
    if (queue_.shares().limited_by(own, amounts)) return false;
    return line.empty() || line.place_of(candidate_of(id, rank_of(id))) < line.groups().begin()->first;
}

/// Room for what comes next, beside what is kept for deadlines.
std::vector<schedule::Promise> Loop::keep_ahead(const std::vector<schedule::Promise>& due, Instant now) {
    std::erase_if(ahead_, [&](const allocate::KeptAhead& kept) {
        const TaskState state = tasks_[kept.task].state;
        return state != TaskState::waiting && state != TaskState::ready;
    });
    if (now >= next_ahead_) look_ahead(due, now);
    std::vector<schedule::Promise> promises;
    for (const allocate::KeptAhead& kept : ahead_)
        if (!kept.is_given_up && tasks_[kept.task].state == TaskState::waiting)
            promises.push_back({.task = kept.task, .reservation = kept.reservation});
    return promises;
}

void Loop::look_ahead(const std::vector<schedule::Promise>& due, Instant now) {
    next_ahead_ = now + ahead_pause;
    std::vector<Calendar> nodes;
    std::unordered_set<TaskId> ended, wanted;
    for (const TaskId id : waiting_for_running(tasks_, running_)) {
        if (std::ranges::find(due, id, &schedule::Promise::task) != due.end()) continue;
        const auto before = std::ranges::find(ahead_, id, &allocate::KeptAhead::task);
        if (before != ahead_.end() && before->is_given_up) continue;
        const auto ends = ends_before(tasks_, running_, id);
        const Typical& typical = typical_of(*tasks_[id].task.step);
        const auto ahead =
            ends ? allocate::room_ahead(*ends, typical.takes, now, options_.ahead) : std::optional<allocate::Ahead>();
        if (!ahead || !would_go_first(id, typical.amounts)) continue;
        if (nodes.empty()) {
            nodes = pool_.calendars();
            for (const schedule::Promise& promise : due) nodes[promise.reservation.node].add(promise.reservation);
        }
        let_end(nodes, tasks_, running_, id, ahead->from, ended);
        const auto room = place_ahead(nodes, typical.amounts, typical.runtime, ahead->from);
        if (!room || room->start >= end_of(now, std::min(options_.ahead.lead_at_most, typical.takes))) continue;
        nodes[room->node].add(*room);
        wanted.insert(id);
        if (before != ahead_.end()) before->reservation = *room;
        else begin_ahead(id, *room, *ahead, now);
    }
    for (allocate::KeptAhead& kept : ahead_)
        if (!kept.is_given_up && !wanted.contains(kept.task) && tasks_[kept.task].state == TaskState::waiting)
            give_up_ahead(kept, now);
}

void Loop::begin_ahead(TaskId id, const Reservation& room, const allocate::Ahead& why, Instant now) {
    ahead_.push_back({.task = id, .reservation = room, .since = now});
    record(decision("reserve", "order", {}, format(room.amounts),
                    fmt::format("room is kept for it in {}, {} (sure to {:.0f} %)", format(room.start - now),
                                why.is_early ? "when what it needs typically ends"
                                             : "by when what it needs has ended at the latest, since that is uncertain",
                                100 * why.confidence)),
           id, tasks_[id].tries.attempts + 1);
}

void Loop::give_up_ahead(allocate::KeptAhead& kept, Instant now) {
    PLIM_PROBE("loop: room that was kept ahead is given up");
    kept.is_given_up = true;
    record(
        decision("reserve", "order", format(kept.reservation.amounts), "nothing",
                 fmt::format("room kept for it for {} is given up: what it needs has not ended as predicted, or others "
                             "go before it",
                             format(now - kept.since))),
        kept.task, tasks_[kept.task].tries.attempts + 1);
    replan_ = true;
}

/// How long room has been kept for a task that starts now; nothing where none was to the end.
std::optional<Duration> Loop::kept_ahead_for(TaskId id, Instant now) const {
    const auto kept = std::ranges::find(ahead_, id, &allocate::KeptAhead::task);
    if (kept == ahead_.end() || kept->is_given_up) return std::nullopt;
    return now - kept->since;
}

}  // namespace plimsoll::loop
