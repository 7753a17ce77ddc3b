// SPDX-License-Identifier: Apache-2.0
// JoinedNeeds: what each task needs, of tasks that join one after another; all in one list, without an allocation a
// task.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "plimsoll/base/check.h"
#include "plimsoll/model/task.h"

namespace plimsoll::schedule {

class JoinedNeeds {
public:
    /// Tasks join in the order of their ids, 0, 1, 2 ...; what they need has joined before.
    void join(TaskId task, std::span<const TaskId> needs) {
        PLIM_CHECK(task == ends_.size(), "tasks join in the order of their ids");
        for (const TaskId need : needs) PLIM_CHECK(need < task, "what a task needs joins before it");
        needs_.insert(needs_.end(), needs.begin(), needs.end());
        ends_.push_back(needs_.size());
    }
    std::span<const TaskId> of(TaskId task) const {
        const std::size_t begin = task == 0 ? 0 : ends_[task - 1];
        return std::span(needs_).subspan(begin, ends_[task] - begin);
    }
    /// One task's after another's.
    std::span<const TaskId> all() const { return needs_; }

private:
    std::vector<TaskId> needs_;
    std::vector<std::size_t> ends_;  ///< of each task in needs_
};

}  // namespace plimsoll::schedule
