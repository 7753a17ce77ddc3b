// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/simulate/queue_laws.h"

#include <fmt/format.h>

namespace plimsoll::simulate {

std::vector<std::size_t> QueueLaws::chain_of(TaskId task) const {
    std::vector<std::size_t> chain;
    auto at =
        find_queue(queues_, drawing_.tasks[task].step->queue).value_or(find_queue(queues_, "default").value_or(1));
    for (;; at = static_cast<std::size_t>(queues_[at].parent)) {
        chain.push_back(at);
        if (queues_[at].parent < 0) return chain;
    }
}

void QueueLaws::hear(const std::vector<loop::Event>& told) {
    using loop::EventKind;
    for (const loop::Event& event : told) {
        if (!event.task) continue;
        const bool starts = event.kind == EventKind::task_started;
        const bool ends = event.kind == EventKind::task_finished || event.kind == EventKind::task_retried ||
                          event.kind == EventKind::task_failed || event.kind == EventKind::task_cancelled;
        bool& runs = runs_[*event.task];
        if (starts == runs || (!starts && !ends)) continue;
        runs = starts;
        for (const std::size_t queue : chain_of(*event.task)) {
            const int now = running_[queue] += starts ? 1 : -1;
            const int most = queues_[queue].max_running;
            if (most > 0 && now > most)
                broke_(fmt::format("queue '{}' ran {} tasks at once, and may run {}", queues_[queue].path, now, most));
        }
    }
}

}  // namespace plimsoll::simulate
