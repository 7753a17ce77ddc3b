// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/loop/deadlines.h"

#include <algorithm>
#include <set>
#include <unordered_map>
#include <utility>

#include "plimsoll/loop/earliest_room.h"

namespace plimsoll::loop {
namespace {

// Of those that are due first; what comes after them is looked at when it is among them.
constexpr std::size_t promises_at_most = 64;

}  // namespace

/// Backwards from the deadlines of the tasks from `first` on: each is due when the first that needs it must start, or
/// at a deadline of its own. What is due by none of them stays as it is.
void Deadlines::note(TaskId first) {
    sizing_.forget_typical();
    due_.resize(first);
    due_.resize(books_.tasks.size(), Instant::max());
    std::set<TaskId> sooner;  // whose needs may be due sooner than they were
    for (TaskId id = first; id < books_.tasks.size(); ++id) {
        if (!books_.tasks[id].task.step->deadline) continue;
        due_[id] = books_.run_start + *books_.tasks[id].task.step->deadline;
        sooner.insert(id);
    }
    any_ |= !sooner.empty();
    while (!sooner.empty()) {
        const TaskId id = *sooner.rbegin();
        sooner.erase(id);
        const auto asked = books_.asks.find(id);
        const Duration runtime = asked != books_.asks.end() ? asked->second.ask.runtime
                                                            : sizing_.typical_of(*books_.tasks[id].task.step).runtime;
        books_.tasks.each_before(id, [&](TaskId need) {
            if (due_[need] <= due_[id] - runtime) return;
            due_[need] = due_[id] - runtime;
            sooner.insert(need);
        });
    }
}

/// What is due and has not started, as much as is looked at: what is due first, each after what it needs.
std::vector<TaskId> Deadlines::open(Instant now) const {
    std::vector<std::pair<Instant, TaskId>> open;
    for (TaskId id = 0; id < due_.size(); ++id) {
        const TaskState state = books_.tasks[id].state;
        // What is too late is no reason to keep others waiting.
        if (due_[id] != Instant::max() && due_[id] > now && (state == TaskState::waiting || state == TaskState::ready))
            open.emplace_back(due_[id], id);
    }
    const std::size_t count = std::min(open.size(), promises_at_most);
    std::ranges::partial_sort(open, open.begin() + static_cast<std::ptrdiff_t>(count));
    std::vector<TaskId> ids;
    for (std::size_t at = 0; at < count; ++at) ids.push_back(open[at].second);
    return ids;
}

/// Room for what is due and has not started: as late as it may begin, so that others go before it; or, where not all
/// deadlines are kept so, as soon as it fits; or, where that does not keep them either, as it was kept before, since
/// what has started meanwhile left that room alone. Of these the first that misses fewest.
std::vector<schedule::Promise> Deadlines::promises(Instant now) {
    if (!any_) return {};
    const std::vector<TaskId> due_first = open(now);
    Promised best;
    for (const Placing how : {Placing::late, Placing::early, Placing::as_before}) {
        Promised placed = place(due_first, how, now);
        if (how == Placing::late || placed.missed < best.missed) best = std::move(placed);
        if (best.missed == 0) break;
    }
    promised_ = best.kept;
    return std::move(best.kept);
}

Deadlines::Promised Deadlines::place(const std::vector<TaskId>& open, Placing how, Instant now) {
    Promised placed;
    std::vector<Calendar> nodes = books_.pool.calendars();
    std::unordered_map<TaskId, Instant> ends;
    for (const TaskId id : open) {
        Instant ready = now;
        bool is_known = true;
        books_.tasks.each_before(id, [&](TaskId need) {
            const auto end = ends.find(need);
            const RunningAttempt* running = books_.running.find(need);
            if (end != ends.end()) ready = std::max(ready, end->second);
            else if (running) ready = std::max(ready, running->claim.reservation().end);
            else is_known &= is_done(books_.tasks[need].state);
        });
        // Room for a task whose needs cannot be placed would be in the way of others.
        if (!is_known) continue;
        const auto promise = promise_of(id, how, ready, nodes);
        if (!promise) continue;
        ends[id] = promise->reservation.end;
        placed.missed += promise->reservation.end > due_[id];
        placed.kept.push_back(*promise);
    }
    return placed;
}

/// Nothing where nobody knows how long it takes, or it fits nowhere.
std::optional<schedule::Promise> Deadlines::promise_of(TaskId id, Placing how, Instant ready,
                                                       std::vector<Calendar>& nodes) {
    const auto asked = books_.asks.find(id);
    const Sizing::Typical typical = asked == books_.asks.end()
                                        ? sizing_.typical_of(*books_.tasks[id].task.step)
                                        : Sizing::Typical{asked->second.ask.amounts, asked->second.ask.runtime, {}};
    if (typical.runtime <= Duration{}) return std::nullopt;
    const Need need = need_of(typical.amounts);
    std::optional<Reservation> best;
    const auto before = std::ranges::find(promised_, id, &schedule::Promise::task);
    std::vector<Instant> from{ready};
    if (how == Placing::late)
        from.insert(from.begin(), std::max(ready, due_[id] - typical.runtime - books_.options.policy.deadline_margin));
    if (how == Placing::as_before && before != promised_.end()) {
        from.front() = std::max(ready, before->reservation.start);
        if (nodes[before->reservation.node].fits_throughout(need, from.front(), end_of(from.front(), typical.runtime)))
            best = {.amounts = typical.amounts,
                    .start = from.front(),
                    .end = end_of(from.front(), typical.runtime),
                    .node = before->reservation.node};
    }
    for (const Instant first : from) {
        const auto room = earliest_room(nodes, typical.amounts, typical.runtime, first);
        if (room && (!best || room->start < best->start)) best = room;
        if (best && best->end <= due_[id]) break;
    }
    if (!best) return std::nullopt;
    nodes[best->node].add(*best);
    return schedule::Promise{.task = id, .reservation = *best};
}

bool Deadlines::is_due_soon(Instant now) const {
    for (const auto& [latest_start, id] : books_.queue.deadlines()) {
        if (latest_start > now + books_.options.policy.deadline_margin) return false;
        if (due_[id] > now) return true;
    }
    return false;
}

}  // namespace plimsoll::loop
