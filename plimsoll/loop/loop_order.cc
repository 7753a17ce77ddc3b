// SPDX-License-Identifier: Apache-2.0
// The order within queues: the longest path first, what was rehearsed, or depth first. Before a workflow begins: an
// order in which it is done sooner than with the longest path first, if there is one.
#include <algorithm>

#include "plimsoll/loop/loop.h"
#include "plimsoll/schedule/planned_order.h"

namespace plimsoll::loop {

bool Loop::goes_depth_first(TaskId id) const {
    if (!any_depth_first_) return false;
    return queue_.shares().spec(queue_.find(tasks_[id].task.step->queue)).discipline == Discipline::depth;
}

/// A higher one goes first.
double Loop::rank_of(TaskId id) const {
    if (goes_depth_first(id)) return -depth_.place(id);
    return id < planned_.size() ? planned_[id] : path_.rank(id);
}

/// A task joins the orders.
void Loop::join_orders(TaskId id, const std::vector<TaskId>& needs, double runtime_s) {
    path_.join(id, needs, runtime_s);
    if (!any_depth_first_) return;
    const Typical& typical = typical_of(*tasks_[id].task.step);
    depth_.join(id, needs,
                {.running = static_cast<double>(typical.amounts.memory.count),
                 .leaves = static_cast<double>(typical.leaves.count)});
}

/// Of what has joined, as long as all is foreseen: that nothing else comes, how long each step takes, and that none is
/// cut into parts. Where nothing needs anything the longest first is near the best, and left alone.
void Loop::plan_order() {
    if (std::ranges::any_of(sources_, [](auto* source) { return source->may_send_more(); })) return;
    bool is_dag = false;
    std::vector<Node> nodes = nodes_;
    if (nodes.size() == 1) nodes.front().capacity = edges_.capacity.total();
    const Resources all = shared_capacity();
    std::vector<schedule::DryTask> work;
    for (TaskId id = 0; id < tasks_.size(); ++id) {
        const TaskTable::Entry& entry = tasks_[id];
        const Step& step = *entry.task.step;
        const Typical& typical = typical_of(step);
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
    planned_ = schedule::planned_order(work, nodes, options_.queues).ranks;
}

}  // namespace plimsoll::loop
