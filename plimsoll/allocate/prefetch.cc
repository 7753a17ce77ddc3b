// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/allocate/prefetch.h"

#include <algorithm>
#include <tuple>

#include "plimsoll/model/plan.h"

namespace plimsoll::allocate {

std::vector<TaskId> worth_prefetching(std::span<const Coming> coming, Instant now, Duration lead) {
    std::vector<Coming> chosen;
    for (const Coming& task : coming)
        if (!task.start || *task.start <= end_of(now, lead)) chosen.push_back(task);
    std::ranges::sort(chosen, {}, [](const Coming& task) {
        return std::tuple(task.start.value_or(Instant::max()), -task.rank, task.task);
    });
    std::vector<TaskId> tasks;
    for (const Coming& task : chosen) tasks.push_back(task.task);
    return tasks;
}

}  // namespace plimsoll::allocate
