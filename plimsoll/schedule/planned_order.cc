// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/schedule/planned_order.h"

#include <algorithm>
#include <utility>

#include "plimsoll/base/random.h"
#include "plimsoll/schedule/critical_path.h"

namespace plimsoll::schedule {
namespace {

constexpr double placement_s = 1e-5;
constexpr int turns_most = 4;  ///< of one order's plan; later ones hardly change it
/// How far a task is moved in the best order, as a share of its makespan: in turn a little and a lot.
constexpr double moved_most[] = {0.02, 0.05, 0.1, 0.2, 0.4};
constexpr std::size_t samples_without_gain = 50;  ///< then it ends

Duration takes(const DryTask& task) { return task.takes > Duration{} ? task.takes : task.runtime; }

Resources all_of(std::span<const Node> nodes) {
    Resources all;
    for (const Node& node : nodes) all += node.capacity;
    return all;
}

/// By task: the longest path from its start where a task counts with that length.
std::vector<double> paths(std::span<const DryTask> tasks, std::span<const double> lengths) {
    CriticalPath path;
    for (TaskId id = 0; id < tasks.size(); ++id) path.join(id, tasks[id].needs, lengths[id]);
    path.refresh();
    std::vector<double> ranks(tasks.size());
    for (TaskId id = 0; id < tasks.size(); ++id) ranks[id] = path.rank(id);
    return ranks;
}

/// By task: its own area and that of all that need it, where what needs several counts to each with its part.
std::vector<double> work_below(std::span<const DryTask> tasks, std::span<const double> areas) {
    std::vector<double> work(areas.begin(), areas.end());
    for (TaskId id = static_cast<TaskId>(tasks.size()); id-- > 0;)
        for (const TaskId need : tasks[id].needs) work[need] += work[id] / static_cast<double>(tasks[id].needs.size());
    return work;
}

Duration lower_bound(std::span<const DryTask> tasks, const Resources& all, double longest_s) {
    ResourceCounts there = counts_of(all);
    double bound_s = longest_s;
    for (std::size_t kind = 0; kind < there.size(); ++kind) {
        double work = 0;
        for (const DryTask& task : tasks)
            if (task.phases.empty()) work += static_cast<double>(counts_of(task.amounts)[kind]) * seconds(takes(task));
        if (there[kind] > 0) bound_s = std::max(bound_s, work / static_cast<double>(there[kind]));
    }
    return from_seconds(bound_s);
}

/// The same work from its end to its beginning; a task's number counts from the other end.
std::vector<DryTask> turned_round(std::span<const DryTask> tasks) {
    std::vector<DryTask> turned(tasks.size());
    const auto last = static_cast<TaskId>(tasks.size() - 1);
    for (TaskId id = 0; id < tasks.size(); ++id) {
        DryTask& task = turned[last - id];
        task.amounts = tasks[id].amounts;
        task.queue = tasks[id].queue;
        task.runtime = task.takes = takes(tasks[id]);
        for (const TaskId need : tasks[id].needs) turned[last - need].needs.push_back(last - id);
    }
    return turned;
}

class Search {
public:
    Search(std::span<const DryTask> tasks, std::span<const Node> nodes, const std::vector<QueueSpec>& queues,
           const OrderSearch& search)
        : forward_(tasks.begin(), tasks.end()), nodes_(nodes), queues_(queues), search_(search) {}

    PlannedOrder run() {
        if (forward_.empty()) return {};
        const Resources all = all_of(nodes_);
        std::vector<double> lengths, areas;
        for (const DryTask& task : forward_) {
            lengths.push_back(seconds(takes(task)));
            areas.push_back(lengths.back() * std::min(1.0, dominant_share(task.amounts, all)));
        }
        const std::vector<double> by_path = paths(forward_, lengths);
        best_.no_less_than = lower_bound(forward_, all, *std::ranges::max_element(by_path));
        placements_ = std::min(search_.placements,
                               static_cast<std::size_t>(search_.cost_most * seconds(best_.no_less_than) / placement_s));
        if (3 * forward_.size() > placements_) return std::move(best_);
        best_.by_paths = best_.makespan = rehearse(forward_, by_path).makespan;
        backward_ = turned_round(forward_);
        for (const std::vector<double>& ranks : {by_path, paths(forward_, areas), work_below(forward_, areas)})
            if (goes_on()) improve(ranks);
        sample(by_path);
        if (seconds(best_.makespan) > (1 - search_.worth) * seconds(best_.by_paths)) best_.ranks.clear();
        return std::move(best_);
    }

private:
    /// There is room for so many rehearsals, and something to gain.
    bool goes_on(std::size_t more = 2) const {
        const bool may = (static_cast<std::size_t>(best_.rehearsals) + more) * forward_.size() <= placements_;
        return may && seconds(best_.makespan) > (1 + search_.worth) * seconds(best_.no_less_than);
    }

    DryRun rehearse(std::vector<DryTask>& tasks, std::span<const double> ranks) {
        for (TaskId id = 0; id < tasks.size(); ++id) tasks[id].rank = ranks[id];
        ++best_.rehearsals;
        return dry_run(tasks, nodes_, queues_);
    }

    void sample(const std::vector<double>& by_path) {
        std::size_t since_better = 0;
        for (std::size_t round = 0; goes_on() && since_better < samples_without_gain; ++round) {
            const Duration before = best_.makespan;
            improve(moved(best_.ranks.empty() ? by_path : best_.ranks, moved_most[round % std::size(moved_most)]));
            since_better = best_.makespan < before ? 0 : since_better + 1;
        }
    }

    /// Each task earlier or later by chance, at most by that share of the makespan.
    std::vector<double> moved(std::vector<double> ranks, double most) {
        for (double& rank : ranks) rank += most * seconds(best_.makespan) * (2 * rng_.uniform() - 1);
        return ranks;
    }

    /// What ends last in one direction comes first in the other.
    static std::vector<double> ends_from_other_side(const DryRun& run) {
        std::vector<double> ranks(run.starts.size());
        for (const DryStart& start : run.starts) ranks[ranks.size() - 1 - start.task] = seconds(start.end);
        return ranks;
    }

    void improve(std::span<const double> ranks) {
        Duration before = Duration::max();
        DryRun forward = rehearse(forward_, ranks);
        for (int turn = 0; keep(forward) < before && turn < turns_most && goes_on(3); ++turn) {
            before = forward.makespan;
            const DryRun backward = rehearse(backward_, ends_from_other_side(forward));
            forward = rehearse(forward_, ends_from_other_side(backward));
        }
    }

    /// A plan's starts as an order need not bring forth that plan again: what comes out counts.
    Duration keep(const DryRun& run) {
        if (run.makespan >= best_.makespan || !run.impossible.empty()) return run.makespan;
        std::vector<double> ranks(forward_.size());
        for (const DryStart& start : run.starts) ranks[start.task] = seconds(run.makespan - start.start);
        const Duration comes_out = rehearse(forward_, ranks).makespan;
        if (comes_out < best_.makespan) {
            best_.makespan = comes_out;
            best_.ranks = std::move(ranks);
        }
        return run.makespan;
    }

    std::vector<DryTask> forward_, backward_;
    std::span<const Node> nodes_;
    const std::vector<QueueSpec>& queues_;
    const OrderSearch& search_;
    std::size_t placements_ = 0;
    Rng rng_{1};  ///< the same work is given the same order
    PlannedOrder best_;
};

}  // namespace

PlannedOrder planned_order(std::span<const DryTask> tasks, std::span<const Node> nodes,
                           const std::vector<QueueSpec>& queues, const OrderSearch& search) {
    return Search(tasks, nodes, queues, search).run();
}

std::vector<DryTask> in_planned_order(std::span<const DryTask> tasks, std::span<const Node> nodes,
                                      const std::vector<QueueSpec>& queues, const OrderSearch& search) {
    const PlannedOrder planned = planned_order(tasks, nodes, queues, search);
    std::vector<DryTask> ranked(tasks.begin(), tasks.end());
    for (TaskId id = 0; id < planned.ranks.size(); ++id) ranked[id].rank = planned.ranks[id];
    return ranked;
}

}  // namespace plimsoll::schedule
