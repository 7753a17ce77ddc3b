// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/schedule/critical_path.h"

#include <algorithm>
#include <queue>
#include <utility>

#include "plimsoll/base/check.h"

namespace plimsoll::schedule {

void CriticalPath::join(TaskId task, std::span<const TaskId> needs, double runtime_s) {
    needs_.join(task, needs);
    runtimes_.push_back(runtime_s);
}

void CriticalPath::set_runtime(TaskId task, double runtime_s) {
    PLIM_CHECK(task < runtimes_.size(), "only a task that has joined has a runtime");
    runtime_set_ |= runtimes_[task] != runtime_s;
    runtimes_[task] = runtime_s;
}

bool CriticalPath::refresh() {
    const bool is_all = std::exchange(runtime_set_, false) || ranks_.size() < runtimes_.size() / 2;
    if (!is_all) return rank_new();
    const std::vector<double> before = ranks_;
    rank_all();
    return !std::ranges::equal(before, std::span(ranks_).first(before.size()));
}

void CriticalPath::rank_all() {
    ranks_.assign(runtimes_.size(), 0);
    for (auto task = static_cast<TaskId>(runtimes_.size()); task-- > 0;) {
        ranks_[task] += runtimes_[task];  // so far it held the longest path behind the task
        for (const TaskId need : needs_.of(task)) ranks_[need] = std::max(ranks_[need], ranks_[task]);
    }
}

/// From the new tasks towards what they need, the last first, as far as paths get longer.
bool CriticalPath::rank_new() {
    const auto before = static_cast<TaskId>(ranks_.size());
    bool moved = false;
    std::priority_queue<TaskId> longer;
    for (TaskId task = before; task < runtimes_.size(); ++task) {
        ranks_.push_back(runtimes_[task]);
        longer.push(task);
    }
    while (!longer.empty()) {
        const TaskId task = longer.top();
        longer.pop();
        for (const TaskId need : needs_.of(task)) {
            const double path = runtimes_[need] + ranks_[task];
            if (path <= ranks_[need]) continue;
            ranks_[need] = path;
            moved |= need < before;
            longer.push(need);
        }
    }
    return moved;
}

double CriticalPath::longest() const { return ranks_.empty() ? 0 : *std::max_element(ranks_.begin(), ranks_.end()); }

}  // namespace plimsoll::schedule
