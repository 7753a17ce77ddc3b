// SPDX-License-Identifier: Apache-2.0
// CriticalPath: how many seconds of work hang on each task: its runtime and the longest path of those
// that need it, directly or not (the bottom level; "upward rank" in HEFT, Topcuoglu et al. 2002).
//
// Tasks join after what they need, so one pass from the last to the first settles all of them: about a
// millisecond for 100,000 tasks. Tasks that join later can only lengthen the paths of what they need: they cost what
// they lengthen, not a pass. Changes are gathered until `refresh`.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "plimsoll/model/task.h"
#include "plimsoll/schedule/joined_needs.h"

namespace plimsoll::schedule {

class CriticalPath {
public:
    /// Tasks join in the order of their ids, 0, 1, 2 ...; what they need has joined before.
    void join(TaskId task, std::span<const TaskId> needs, double runtime_s);
    /// A better forecast. For a task that is done: 0.
    void set_runtime(TaskId task, double runtime_s);
    /// Brings `rank` up to date with what was told since; true if a task that had a rank has another one now. Costs a
    /// pass over all tasks where a runtime was set or half of them are new.
    bool refresh();
    /// As of the last refresh; 0 for a task that has joined since.
    double rank(TaskId task) const { return task < ranks_.size() ? ranks_[task] : 0; }
    /// The longest path there is: no run can be shorter.
    double longest() const;
    std::size_t size() const { return runtimes_.size(); }

private:
    void rank_all();
    bool rank_new();

    std::vector<double> runtimes_;
    std::vector<double> ranks_;
    JoinedNeeds needs_;
    bool runtime_set_ = false;
};

}  // namespace plimsoll::schedule
