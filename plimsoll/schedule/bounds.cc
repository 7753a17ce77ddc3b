// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/schedule/bounds.h"

#include <algorithm>
#include <cmath>

namespace plimsoll::schedule {

Duration demand_bound(std::span<const Periodic> tasks, Duration stretch) {
    Duration demand{};
    for (const Periodic& task : tasks)
        if (stretch >= task.deadline) demand += task.work * ((stretch - task.deadline) / task.period + 1);
    return demand;
}

std::optional<int> federated_cores(const DagWork& dag, Duration deadline) {
    if (dag.work <= deadline && dag.longest_path <= deadline) return 1;
    if (deadline <= dag.longest_path) return std::nullopt;
    return static_cast<int>(std::ceil(seconds(dag.work - dag.longest_path) / seconds(deadline - dag.longest_path)));
}

Duration graham_bound(const DagWork& dag, double cores) {
    return dag.longest_path + from_seconds(seconds(dag.work - dag.longest_path) / cores);
}

}  // namespace plimsoll::schedule
