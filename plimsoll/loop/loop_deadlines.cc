// SPDX-License-Identifier: Apache-2.0
// Deadlines while a run goes on: by when each task must be done, and the room that is kept for what is due.
#include <algorithm>

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
                     .runtime = from_seconds(forecast.runtime.bound)};
    return known->second;
}

/// Backwards through the tasks: each is due when the first that needs it must start, or at a deadline of its own.
void Loop::note_due() {
    typical_.clear();
    due_.assign(tasks_.size(), Instant::max());
    for (TaskId id = tasks_.size(); id-- > 0;) {
        const Task& task = tasks_[id].task;
        if (task.step->deadline) due_[id] = std::min(due_[id], run_start_ + *task.step->deadline);
        if (due_[id] == Instant::max()) continue;
        const auto asked = asks_.find(id);
        const Duration runtime = asked != asks_.end() ? asked->second.ask.runtime : typical_of(*task.step).runtime;
        for (const auto* before : {&task.needs, &tasks_[id].parts})
            for (const TaskId need : *before) due_[need] = std::min(due_[need], due_[id] - runtime);
    }
    has_due_ = std::ranges::any_of(due_, [](Instant due) { return due != Instant::max(); });
}

/// Room for what is due and has not started, beginning at its latest start, or sooner where there is none then. Of
/// those that are due first, each after what it needs.
std::vector<schedule::Promise> Loop::promises(Instant now) {
    std::vector<schedule::Promise> kept;
    if (!has_due_) return kept;
    std::vector<std::pair<Instant, TaskId>> open;
    for (TaskId id = 0; id < due_.size(); ++id) {
        const TaskState state = tasks_[id].state;
        if (due_[id] != Instant::max() && (state == TaskState::waiting || state == TaskState::ready))
            open.emplace_back(due_[id], id);
    }
    const std::size_t count = std::min(open.size(), promises_at_most);
    std::ranges::partial_sort(open, open.begin() + static_cast<std::ptrdiff_t>(count));
    open.resize(count);
    std::vector<Calendar> nodes = pool_.calendars();
    std::unordered_map<TaskId, Instant> ends;
    for (const auto& [due, id] : open) {
        const Task& task = tasks_[id].task;
        // What is too late is no reason to keep others waiting, and room for a task whose needs cannot be placed would
        // be in their way.
        if (due <= now) continue;
        Instant ready = now;
        bool is_known = true;
        std::vector<TaskId> before = task.needs;
        before.insert(before.end(), tasks_[id].parts.begin(), tasks_[id].parts.end());
        for (const TaskId need : before) {
            const auto end = ends.find(need);
            const RunningAttempt* running = running_.find(need);
            if (end != ends.end()) ready = std::max(ready, end->second);
            else if (running) ready = std::max(ready, running->claim.reservation().end);
            else is_known &= is_done(tasks_[need].state);
        }
        if (!is_known) continue;
        if (const auto promise = promise_of(id, ready, due, nodes)) {
            ends[id] = promise->reservation.end;
            kept.push_back(*promise);
        }
    }
    return kept;
}

std::optional<schedule::Promise> Loop::promise_of(TaskId id, Instant ready, Instant due, std::vector<Calendar>& nodes) {
    const auto asked = asks_.find(id);
    const Typical typical = asked == asks_.end() ? typical_of(*tasks_[id].task.step)
                                                 : Typical{asked->second.ask.amounts, asked->second.ask.runtime};
    if (typical.runtime <= Duration{}) return std::nullopt;
    const Need need = need_of(typical.amounts);
    std::optional<Reservation> best;
    for (const Instant from : {std::max(ready, due - typical.runtime - options_.policy.deadline_margin), ready}) {
        for (NodeId node = 0; node < nodes.size(); ++node) {
            const auto start = nodes[node].earliest_start(need, typical.runtime, from);
            if (!start || (best && best->start <= *start)) continue;
            best = {.amounts = typical.amounts, .start = *start, .end = *start + typical.runtime, .node = node};
        }
        if (best && best->end <= due) break;
    }
    if (!best) return std::nullopt;
    nodes[best->node].add(*best);
    return schedule::Promise{.task = id, .reservation = *best};
}

}  // namespace plimsoll::loop
