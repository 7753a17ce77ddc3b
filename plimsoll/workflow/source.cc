// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/workflow/source.h"

#include <utility>

namespace plimsoll::workflow {

std::vector<Task> FixedSource::poll(TaskId next_id, Instant) {
    sent_ = true;
    std::vector<Task> joining = std::exchange(tasks_, {});
    if (next_id == 0) return joining;
    for (Task& task : joining) {
        task.id += next_id;
        for (TaskId& need : task.needs) need += next_id;
    }
    return joining;
}

}  // namespace plimsoll::workflow
