// SPDX-License-Identifier: Apache-2.0
// DepthFirst: each task's place when a workflow is gone through depth first: what follows on finished work comes before
// new work is begun, so that little is left lying between tasks (temporary files, the page cache of what the next one
// reads), and the first results are there early.
//
// The places are those of a post-order from the tasks that nobody needs, each after all it needs. Of what a task needs,
// that comes first of which the most can be given back: the most that is held on the way to it, less what it leaves
// behind (the best post-order of a tree; Liu, "On the storage requirement in the out-of-core multifrontal method for
// sparse factorization", ACM TOMS 1986). What several tasks need is gone to once, by the first of them, and counts with
// each: an estimate, where the graph is no tree.
//
// Tasks that join later stand right behind the last of what they need, or at the end; once half are new all are gone
// through again.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "plimsoll/model/task.h"
#include "plimsoll/schedule/joined_needs.h"

namespace plimsoll::schedule {

class DepthFirst {
public:
    /// Bytes of a task.
    struct Holds {
        double running = 0;  ///< while it runs
        double leaves = 0;   ///< behind it, until those that need it have run
    };
    /// Tasks join in the order of their ids, 0, 1, 2 ...; what they need has joined before.
    void join(TaskId task, std::span<const TaskId> needs, const Holds& holds);
    /// Brings `place` up to date with what has joined since; true if a task that had a place has another one now.
    bool refresh();
    /// 0 comes first. As of the last refresh; for a task that has joined since, the end.
    double place(TaskId task) const { return task < places_.size() ? places_[task] : static_cast<double>(size()); }
    std::size_t size() const { return holds_.size(); }

private:
    void place_all();
    void place_new();
    std::vector<double> given_back() const;

    std::vector<Holds> holds_;
    JoinedNeeds needs_;
    std::vector<double> places_;
};

}  // namespace plimsoll::schedule
