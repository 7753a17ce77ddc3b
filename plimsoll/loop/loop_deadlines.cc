// SPDX-License-Identifier: Apache-2.0
// Deadlines while a run goes on: by when each task must be done, and the room that is kept for what is due.
#include <algorithm>
#include <cmath>

#include "plimsoll/loop/loop.h"

namespace plimsoll::loop {
namespace {

// Of those that are due first; what comes after them is looked at when it is among them.
constexpr std::size_t promises_at_most = 64;

}  // namespace

/// What a task of the step is taken to hold before its inputs are known, and for how long.
const Loop::Typical& Loop::typical_of(const Step& step) {
    const auto [known, is_new] = typical_.try_emplace(&step);
    if (!is_new) return known->second;
    const Forecast forecast = forecast_of(step);
    known->second = {.amounts = {.cpu = {forecast.cpu.bound},
                                 .memory = Bytes{static_cast<std::int64_t>(forecast.memory.bound)},
                                 .gpu = step.request.gpu.value_or(0)},
                     .runtime = from_seconds(forecast.runtime.bound),
                     .takes = from_seconds(forecast.runtime.p50),
                     .leaves = Bytes{std::llround(forecast.transfers.written.value_or(Estimate{}).p50)}};
    return known->second;
}

/// Backwards from the deadlines of the tasks from `first` on: each is due when the first that needs it must start, or
/// at a deadline of its own. What is due by none of them stays as it is.
void Loop::note_due(TaskId first) {
    typical_.clear();
    due_.resize(first);
    due_.resize(tasks_.size(), Instant::max());
    std::set<TaskId> sooner;  // whose needs may be due sooner than they were
    for (TaskId id = first; id < tasks_.size(); ++id) {
        if (!tasks_[id].task.step->deadline) continue;
        due_[id] = run_start_ + *tasks_[id].task.step->deadline;
        sooner.insert(id);
    }
    has_due_ |= !sooner.empty();
    while (!sooner.empty()) {
        const TaskId id = *sooner.rbegin();
        sooner.erase(id);
        const auto asked = asks_.find(id);
        const Duration runtime =
            asked != asks_.end() ? asked->second.ask.runtime : typical_of(*tasks_[id].task.step).runtime;
        tasks_.each_before(id, [&](TaskId need) {
            if (due_[need] <= due_[id] - runtime) return;
            due_[need] = due_[id] - runtime;
            sooner.insert(need);
        });
    }
}

/// What is due and has not started, as much as is looked at: what is due first, each after what it needs.
std::vector<TaskId> Loop::open_by_due(Instant now) const {
    std::vector<std::pair<Instant, TaskId>> open;
    for (TaskId id = 0; id < due_.size(); ++id) {
        const TaskState state = tasks_[id].state;
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
std::vector<schedule::Promise> Loop::promises(Instant now) {
    if (!has_due_) return {};
    const std::vector<TaskId> open = open_by_due(now);
    Promised best;
    for (const Placing how : {Placing::late, Placing::early, Placing::as_before}) {
        Promised placed = place(open, how, now);
        if (how == Placing::late || placed.missed < best.missed) best = std::move(placed);
        if (best.missed == 0) break;
    }
    promised_ = best.kept;
    return std::move(best.kept);
}

Loop::Promised Loop::place(const std::vector<TaskId>& open, Placing how, Instant now) {
    Promised placed;
    std::vector<Calendar> nodes = pool_.calendars();
    std::unordered_map<TaskId, Instant> ends;
    for (const TaskId id : open) {
        Instant ready = now;
        bool is_known = true;
        tasks_.each_before(id, [&](TaskId need) {
            const auto end = ends.find(need);
            const RunningAttempt* running = running_.find(need);
            if (end != ends.end()) ready = std::max(ready, end->second);
            else if (running) ready = std::max(ready, running->claim.reservation().end);
            else is_known &= is_done(tasks_[need].state);
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
std::optional<schedule::Promise> Loop::promise_of(TaskId id, Placing how, Instant ready, std::vector<Calendar>& nodes) {
    const auto asked = asks_.find(id);
    const Typical typical = asked == asks_.end() ? typical_of(*tasks_[id].task.step)
                                                 : Typical{asked->second.ask.amounts, asked->second.ask.runtime, {}};
    if (typical.runtime <= Duration{}) return std::nullopt;
    const Need need = need_of(typical.amounts);
    std::optional<Reservation> best;
    const auto offer = [&](NodeId node, std::optional<Instant> start) {
        if (!start || (best && best->start <= *start)) return;
        best = {.amounts = typical.amounts, .start = *start, .end = end_of(*start, typical.runtime), .node = node};
    };
    const auto before = std::ranges::find(promised_, id, &schedule::Promise::task);
    std::vector<Instant> from{ready};
    if (how == Placing::late)
        from.insert(from.begin(), std::max(ready, due_[id] - typical.runtime - options_.policy.deadline_margin));
    if (how == Placing::as_before && before != promised_.end()) {
        from.front() = std::max(ready, before->reservation.start);
        if (nodes[before->reservation.node].fits_throughout(need, from.front(), end_of(from.front(), typical.runtime)))
            offer(before->reservation.node, from.front());
    }
    for (const Instant first : from) {
        for (NodeId node = 0; node < nodes.size(); ++node)
            offer(node, nodes[node].earliest_start(need, typical.runtime, first));
        if (best && best->end <= due_[id]) break;
    }
    if (!best) return std::nullopt;
    nodes[best->node].add(*best);
    return schedule::Promise{.task = id, .reservation = *best};
}

}  // namespace plimsoll::loop
