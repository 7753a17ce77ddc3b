// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/loop/order.h"

#include <algorithm>

#include "plimsoll/schedule/planned_order.h"

namespace plimsoll::loop {

Order::Order(const Books& books, Sizing& sizing)
    : books_(books), sizing_(sizing), any_depth_first_(has_discipline(books.options.queues, Discipline::depth)) {}

// Before inputs are looked at a step's tasks are all alike; that is enough to see the long way.
bool Order::join(TaskId first, bool is_all) {
    std::unordered_map<const Step*, double> of_step;
    for (TaskId id = first; id < books_.tasks.size(); ++id) {
        const Step* step = books_.tasks[id].task.step;
        const auto [known, is_new] = of_step.try_emplace(step, 0);
        if (is_new) known->second = sizing_.typical_runtime(*step);
        add(id, known->second);
    }
    const bool moved = path_.refresh() | depth_.refresh();
    weigh_submissions(first, of_step);
    if (first == 0 && is_all) plan();
    return moved || !planned_.empty();
}

void Order::join_parts(TaskId whole, std::span<const TaskId> parts, double part_s) {
    path_.set_runtime(whole, sizing_.typical_runtime(*books_.tasks[whole].task.step));
    path_.refresh();
    for (const TaskId part : parts) {
        // What hangs on a part stands before it in the order of ids, so it is counted to its runtime.
        path_.join(part, {}, part_s + rank(whole));
        if (any_depth_first_) depth_.join(part, std::span(&whole, 1), {});
    }
    path_.refresh();
    depth_.refresh();
}

bool Order::goes_depth_first(TaskId id) const {
    if (!any_depth_first_) return false;
    return books_.queue.shares().spec(books_.queue.find(books_.tasks[id].task.step->queue)).discipline ==
           Discipline::depth;
}

double Order::rank(TaskId id) const {
    if (goes_depth_first(id)) return -depth_.place(id);
    return id < planned_.size() ? planned_[id] : path_.rank(id);
}

double Order::rank_before(TaskId id) const {
    const double planned = planned_.empty() ? 0 : std::ranges::max(planned_);
    return 1 + std::max({rank(id), submission(id).path_s, planned});
}

void Order::add(TaskId id, double runtime_s) {
    const std::vector<TaskId>& needs = books_.tasks[id].task.needs;
    path_.join(id, needs, runtime_s);
    if (!any_depth_first_) return;
    const Sizing::Typical& typical = sizing_.typical_of(*books_.tasks[id].task.step);
    depth_.join(id, needs,
                {.running = static_cast<double>(typical.amounts.memory.count),
                 .leaves = static_cast<double>(typical.leaves.count)});
}

// What comes later of a submission that is known does not move those of it that wait already.
void Order::weigh_submissions(TaskId first, const std::unordered_map<const Step*, double>& runtime_of_step) {
    std::unordered_map<const Step*, double> work_of_step;
    const Resources total = books_.edges.capacity.total();
    for (const auto& [step, runtime_s] : runtime_of_step) {
        const Forecast forecast = sizing_.forecast_of(*step);
        const Resources amounts{.cpu = Cores{forecast.cpu.bound},
                                .memory = Bytes{static_cast<std::int64_t>(forecast.memory.bound)}};
        work_of_step[step] = runtime_s * std::min(1.0, dominant_share(amounts, total));
    }
    std::map<std::uint32_t, schedule::Submission> fresh;
    for (TaskId id = first; id < books_.tasks.size(); ++id) {
        const Task& task = books_.tasks[id].task;
        schedule::Submission& whole = fresh[task.submission];
        whole.work_s += work_of_step.at(task.step);
        whole.path_s = std::max(whole.path_s, rank(id));
    }
    submissions_.merge(fresh);
}

/// An order in which it is done sooner than with the longest path first, if there is one, as long as all is foreseen:
/// that nothing else comes, how long each step takes, and that none is cut into parts. Where nothing needs anything the
/// longest first is near the best, and left alone.
void Order::plan() {
    bool is_dag = false;
    std::vector<Node> nodes = books_.nodes;
    if (books_.is_one_machine()) nodes.front().capacity = books_.edges.capacity.total();
    const Resources all = books_.shared_capacity();
    std::vector<schedule::DryTask> work;
    for (TaskId id = 0; id < books_.tasks.size(); ++id) {
        const TaskTable::Entry& entry = books_.tasks[id];
        const Step& step = *entry.task.step;
        const Sizing::Typical& typical = sizing_.typical_of(step);
        is_dag |= !entry.task.needs.empty();
        if (typical.takes <= Duration{} || entry.task.split != nullptr) return;
        work.push_back({.amounts = min_of(typical.amounts, all),
                        .runtime = std::max(typical.runtime, typical.takes),
                        .takes = typical.takes,
                        .priority = step.priority,
                        .needs = entry.task.needs,
                        .submission = entry.task.submission,
                        .queue = step.queue});
    }
    if (!is_dag) return;
    planned_ = schedule::planned_order(work, nodes, books_.options.queues).ranks;
}

}  // namespace plimsoll::loop
