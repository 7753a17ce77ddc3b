// SPDX-License-Identifier: Apache-2.0
// Order: which of the tasks that could start goes first within a queue: the longest path first, what was rehearsed, or
// depth first.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <unordered_map>
#include <vector>

#include "plimsoll/loop/books.h"
#include "plimsoll/loop/sizing.h"
#include "plimsoll/schedule/critical_path.h"
#include "plimsoll/schedule/depth_first.h"
#include "plimsoll/schedule/queue.h"

namespace plimsoll::loop {

class Order {
public:
    /// Both outlive it.
    Order(const Books& books, Sizing& sizing);

    /// The tasks from `first` on have joined. `is_all`: no others will. True: the ranks of those before may have moved.
    bool join(TaskId first, bool is_all);
    /// Parts of a task, which joins them and has become as short as that.
    void join_parts(TaskId whole, std::span<const TaskId> parts, double part_s);

    /// A higher one goes first.
    double rank(TaskId id) const;
    /// Higher than that of every task that was handed in with it, or was rehearsed.
    double rank_before(TaskId id) const;
    const schedule::Submission& submission(TaskId id) const {
        return submissions_.at(books_.tasks[id].task.submission);
    }
    bool goes_depth_first(TaskId id) const;
    /// Is its place the one of a rehearsal?
    bool is_planned(TaskId id) const { return id < planned_.size(); }

private:
    void add(TaskId id, double runtime_s);
    void weigh_submissions(TaskId first, const std::unordered_map<const Step*, double>& runtime_of_step);
    void plan();

    const Books& books_;
    Sizing& sizing_;
    schedule::CriticalPath path_;
    const bool any_depth_first_;   ///< of the queues
    schedule::DepthFirst depth_;   ///< of all tasks, where any queue goes by it
    std::vector<double> planned_;  ///< ranks of the first tasks, where an order was found that is better than by paths
    std::map<std::uint32_t, schedule::Submission> submissions_;  ///< by Task::submission
};

}  // namespace plimsoll::loop
