// SPDX-License-Identifier: Apache-2.0
#include "benches/schedule/list_rivals.h"

#include <algorithm>
#include <numeric>
#include <queue>
#include <tuple>
#include <vector>

#include "plimsoll/base/check.h"
#include "plimsoll/model/calendar.h"
#include "plimsoll/schedule/critical_path.h"

namespace plimsoll::benches {
namespace {

using schedule::DryTask;

Duration length(const DryTask& task) { return task.takes > Duration::zero() ? task.takes : task.runtime; }

/// The node with least left of what is asked for, in shares of its capacity.
std::optional<std::size_t> best_fit(const ResourceCounts& need, std::span<const ResourceCounts> free,
                                    std::span<const ResourceCounts> capacity) {
    std::optional<std::size_t> best;
    double least = 0;
    for (std::size_t node = 0; node < free.size(); ++node) {
        double left = 0;
        bool room = true;
        for (std::size_t kind = 0; kind < need.size(); ++kind) {
            if (need[kind] == 0) continue;
            room &= need[kind] <= free[node][kind];
            left += static_cast<double>(free[node][kind] - need[kind]) / static_cast<double>(capacity[node][kind]);
        }
        if (room && (!best || left < least)) best = node, least = left;
    }
    return best;
}

class Fifo {
public:
    Fifo(std::span<const DryTask> tasks, std::span<const Node> nodes) : tasks_(tasks), waits_for_(tasks.size()) {
        needed_by_.resize(tasks.size());
        for (const Node& node : nodes) capacity_.push_back(counts_of(node.capacity));
        free_ = capacity_;
        for (TaskId id = 0; id < tasks.size(); ++id) {
            waits_for_[id] = tasks[id].needs.size();
            for (const TaskId need : tasks[id].needs) needed_by_[need].push_back(id);
            if (waits_for_[id] == 0) ready_.push_back(id);
        }
    }

    Duration run() {
        start_what_fits();
        while (!running_.empty()) {
            const Instant now = std::get<0>(running_.top());
            std::vector<TaskId> fresh;
            while (!running_.empty() && std::get<0>(running_.top()) == now) finish(fresh);
            std::sort(fresh.begin(), fresh.end());
            ready_.insert(ready_.end(), fresh.begin(), fresh.end());
            now_ = now;
            start_what_fits();
        }
        PLIM_CHECK(ready_.empty(), "each task fits on some node");
        return now_ - Instant{};
    }

private:
    void start_what_fits() {
        std::erase_if(ready_, [this](TaskId id) {
            const ResourceCounts need = counts_of(tasks_[id].amounts);
            const auto node = best_fit(need, free_, capacity_);
            if (!node) return false;
            for (std::size_t kind = 0; kind < need.size(); ++kind) free_[*node][kind] -= need[kind];
            running_.emplace(end_of(now_, length(tasks_[id])), id, *node);
            return true;
        });
    }

    void finish(std::vector<TaskId>& fresh) {
        const auto [end, id, node] = running_.top();
        running_.pop();
        const ResourceCounts need = counts_of(tasks_[id].amounts);
        for (std::size_t kind = 0; kind < need.size(); ++kind) free_[node][kind] += need[kind];
        for (const TaskId next : needed_by_[id])
            if (--waits_for_[next] == 0) fresh.push_back(next);
    }

    using Running = std::tuple<Instant, TaskId, std::size_t>;
    std::span<const DryTask> tasks_;
    std::vector<ResourceCounts> capacity_, free_;
    std::vector<std::size_t> waits_for_;
    std::vector<std::vector<TaskId>> needed_by_;
    std::vector<TaskId> ready_;
    std::priority_queue<Running, std::vector<Running>, std::greater<>> running_;
    Instant now_{};
};

schedule::CriticalPath path_of(std::span<const DryTask> tasks) {
    schedule::CriticalPath path;
    for (TaskId id = 0; id < tasks.size(); ++id) path.join(id, tasks[id].needs, seconds(length(tasks[id])));
    path.refresh();
    return path;
}

}  // namespace

Duration fifo_best_fit(std::span<const DryTask> tasks, std::span<const Node> nodes) { return Fifo(tasks, nodes).run(); }

Duration heft(std::span<const DryTask> tasks, std::span<const Node> nodes) {
    const schedule::CriticalPath path = path_of(tasks);
    std::vector<TaskId> order(tasks.size());
    std::iota(order.begin(), order.end(), 0);
    // What is needed has the higher rank or, where it takes no time, the lower number.
    std::stable_sort(order.begin(), order.end(), [&](TaskId a, TaskId b) { return path.rank(a) > path.rank(b); });
    std::vector<Calendar> calendars;
    for (const Node& node : nodes) calendars.emplace_back(node.capacity);
    std::vector<Instant> ends(tasks.size());
    Instant last{};
    for (const TaskId id : order) {
        Instant ready{};
        for (const TaskId need : tasks[id].needs) ready = std::max(ready, ends[need]);
        const Need need = need_of(tasks[id].amounts);
        std::optional<Instant> first;
        std::size_t where = 0;
        for (std::size_t node = 0; node < calendars.size(); ++node) {
            const auto start = calendars[node].earliest_start(need, length(tasks[id]), ready);
            if (start && (!first || *start < *first)) first = start, where = node;
        }
        PLIM_CHECK(first.has_value(), "each task fits on some node");
        ends[id] = end_of(*first, length(tasks[id]));
        calendars[where].add(
            {.amounts = tasks[id].amounts, .start = *first, .end = ends[id], .node = static_cast<NodeId>(where)});
        last = std::max(last, ends[id]);
    }
    return last - Instant{};
}

Duration lower_bound(std::span<const DryTask> tasks, std::span<const Node> nodes) {
    Resources capacity;
    for (const Node& node : nodes) capacity += node.capacity;
    double cpu_s = 0, memory_s = 0;
    for (const DryTask& task : tasks) {
        cpu_s += seconds(length(task)) * task.amounts.cpu.count / capacity.cpu.count;
        memory_s += seconds(length(task)) * static_cast<double>(task.amounts.memory.count) /
                    static_cast<double>(capacity.memory.count);
    }
    return from_seconds(std::max({path_of(tasks).longest(), cpu_s, memory_s}));
}

}  // namespace plimsoll::benches
