// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/loop/coming.h"

namespace plimsoll::loop {

std::set<TaskId> waiting_for_running(const Books& books) {
    constexpr std::size_t most = 64;
    std::set<TaskId> waiting;
    for (const RunningAttempt* attempt : books.running.in_order())
        for (const TaskId dependent : books.tasks[attempt->record.id.task].dependents) {
            if (waiting.size() == most) return waiting;
            if (books.tasks[dependent].state == TaskState::waiting) waiting.insert(dependent);
        }
    return waiting;
}

}  // namespace plimsoll::loop
