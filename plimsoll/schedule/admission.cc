// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/schedule/admission.h"

#include <algorithm>
#include <array>
#include <numeric>

namespace plimsoll::schedule {
namespace {

constexpr Duration no_deadline = Duration::max();

Duration due_of(const std::optional<Duration>& latest) { return latest.value_or(no_deadline); }

/// All tasks, the earliest latest finish first, each after what it needs.
std::vector<TaskId> in_order_of_deadlines(std::span<const DryTask> tasks,
                                          std::span<const std::optional<Duration>> latest) {
    std::vector<TaskId> order(tasks.size());
    std::iota(order.begin(), order.end(), TaskId{0});
    // A task of no length may be due with what it needs; ids rise along needs.
    std::ranges::stable_sort(order, {}, [&](TaskId id) { return due_of(latest[id]); });
    return order;
}

struct Placed {
    std::vector<Duration> starts, finishes;
};

/// The earliest deadline first, each as early as it fits after what it needs.
Placed place_all(std::span<const DryTask> tasks, std::span<const std::optional<Duration>> latest,
                 std::span<const Calendar> nodes) {
    std::vector<Calendar> calendars(nodes.begin(), nodes.end());
    Placed placed{std::vector<Duration>(tasks.size()), std::vector<Duration>(tasks.size())};
    for (const TaskId id : in_order_of_deadlines(tasks, latest)) {
        const DryTask& task = tasks[id];
        Duration ready{};
        for (const TaskId need : task.needs) ready = std::max(ready, placed.finishes[need]);
        const Need need = need_of(task.amounts, task.phases);
        std::optional<Instant> first;
        NodeId where = 0;
        for (NodeId node = 0; node < calendars.size(); ++node) {
            const auto start = calendars[node].earliest_start(need, task.runtime, Instant(ready));
            if (start && (!first || *start < *first)) first = start, where = node;
        }
        placed.starts[id] = first ? first->time_since_epoch() : ready;
        placed.finishes[id] = placed.starts[id] + task.runtime;
        if (first)
            calendars[where].add({.amounts = task.amounts,
                                  .start = *first,
                                  .end = *first + task.runtime,
                                  .node = where,
                                  .phases = task.phases});
    }
    return placed;
}

/// Of each kind, what is free up to then on all nodes together, in amounts x seconds.
std::array<double, resource_kind_count> room_until(std::span<const Calendar> nodes, Duration until) {
    std::array<double, resource_kind_count> room{};
    for (const Calendar& node : nodes) {
        for (Instant at{}; at < Instant(until);) {
            const Instant next = std::min(Instant(until), node.next_change(at).value_or(Instant::max()));
            const Resources free = clamp_to_zero(node.free_at(at));
            for (int kind = 0; kind < resource_kind_count; ++kind)
                room[static_cast<std::size_t>(kind)] +=
                    free.amount(static_cast<ResourceKind>(kind)) * seconds(next - at);
            at = next;
        }
    }
    return room;
}

/// Amounts x seconds that a task holds of a kind.
double demand_of(const DryTask& task, ResourceKind kind) {
    if (task.phases.empty()) return task.amounts.amount(kind) * seconds(task.runtime);
    double demand = 0;
    Duration from{};
    for (const Phase& phase : task.phases) {
        const Duration until = &phase == &task.phases.back() ? task.runtime : std::min(phase.until, task.runtime);
        demand += phase.amounts.amount(kind) * seconds(std::max(Duration{}, until - from));
        from = until;
    }
    return demand;
}

/// What no schedule can get around, of all that is due by then; "" where nothing is.
std::string_view ruled_out(std::span<const DryTask> tasks, std::span<const std::optional<Duration>> latest,
                           std::span<const Calendar> nodes, Duration deadline) {
    std::array<double, resource_kind_count> demand{};
    for (TaskId id = 0; id < tasks.size(); ++id) {
        if (due_of(latest[id]) > deadline) continue;
        if (*latest[id] < tasks[id].runtime) return "path";
        for (int kind = 0; kind < resource_kind_count; ++kind)
            demand[static_cast<std::size_t>(kind)] += demand_of(tasks[id], static_cast<ResourceKind>(kind));
    }
    const auto room = room_until(nodes, deadline);
    for (int kind = 0; kind < resource_kind_count; ++kind)
        if (demand[static_cast<std::size_t>(kind)] > room[static_cast<std::size_t>(kind)] * (1 + 1e-9))
            return name_of(static_cast<ResourceKind>(kind));
    return {};
}

}  // namespace

std::vector<std::optional<Duration>> latest_finishes(std::span<const DryTask> tasks) {
    std::vector<std::optional<Duration>> latest(tasks.size());
    for (TaskId id = static_cast<TaskId>(tasks.size()); id-- > 0;) {
        if (tasks[id].deadline) latest[id] = std::min(due_of(latest[id]), *tasks[id].deadline);
        if (!latest[id]) continue;
        const Duration start = *latest[id] - tasks[id].runtime;
        for (const TaskId need : tasks[id].needs) latest[need] = std::min(due_of(latest[need]), start);
    }
    return latest;
}

Admission admit(std::span<const DryTask> asked, std::span<const Calendar> nodes) {
    // A deadline that is missed is put off to the finish that came out, and all is placed again, until all are kept.
    // Each round puts one off at least, and none is put off beyond the end of all work one after another.
    constexpr int rounds_at_most = 32;
    std::vector<DryTask> tasks(asked.begin(), asked.end());
    Admission admission;
    const auto first_latest = latest_finishes(tasks);
    for (TaskId id = 0; id < tasks.size(); ++id)
        if (first_latest[id] && tasks[id].runtime == Duration{}) admission.unknown.push_back(id);
    for (int round = 0; round < rounds_at_most; ++round) {
        const Placed placed = place_all(tasks, latest_finishes(tasks), nodes);
        admission.starts = placed.starts;
        bool all_kept = true;
        for (TaskId id = 0; id < tasks.size(); ++id) {
            if (!tasks[id].deadline || placed.finishes[id] <= *tasks[id].deadline) continue;
            tasks[id].deadline = placed.finishes[id];
            all_kept = false;
        }
        if (all_kept) break;
    }
    for (TaskId id = 0; id < tasks.size(); ++id)
        if (asked[id].deadline != tasks[id].deadline)
            admission.missed.push_back({id, *asked[id].deadline, *tasks[id].deadline,
                                        ruled_out(asked, first_latest, nodes, *asked[id].deadline)});
    return admission;
}

}  // namespace plimsoll::schedule
