// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/schedule/critical_path.h"

#include <algorithm>

#include "plimsoll/base/check.h"

namespace plimsoll::schedule {

void CriticalPath::join(TaskId task, std::span<const TaskId> needs, double runtime_s) {
    PLIM_CHECK(task == runtimes_.size(), "tasks join in the order of their ids");
    for (const TaskId need : needs) PLIM_CHECK(need < task, "what a task needs joins before it");
    runtimes_.push_back(runtime_s);
    needs_.insert(needs_.end(), needs.begin(), needs.end());
    needs_end_.push_back(needs_.size());
    changed_ = true;
}

void CriticalPath::set_runtime(TaskId task, double runtime_s) {
    PLIM_CHECK(task < runtimes_.size(), "only a task that has joined has a runtime");
    changed_ |= runtimes_[task] != runtime_s;
    runtimes_[task] = runtime_s;
}

bool CriticalPath::refresh() {
    if (!changed_) return false;
    changed_ = false;
    ranks_.assign(runtimes_.size(), 0);
    for (std::size_t task = runtimes_.size(); task-- > 0;) {
        ranks_[task] += runtimes_[task];  // so far it held the longest path behind the task
        for (std::size_t at = task == 0 ? 0 : needs_end_[task - 1]; at < needs_end_[task]; ++at)
            ranks_[needs_[at]] = std::max(ranks_[needs_[at]], ranks_[task]);
    }
    return true;
}

double CriticalPath::longest() const { return ranks_.empty() ? 0 : *std::max_element(ranks_.begin(), ranks_.end()); }

}  // namespace plimsoll::schedule
