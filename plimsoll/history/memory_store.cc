// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/history/memory_store.h"

#include <map>
#include <utility>

namespace plimsoll::history {

std::uint64_t MemoryStore::append(Entry entry) {
    entries_.push_back(std::move(entry));
    return entries_.size();
}

Result<void> MemoryStore::commit() {
    if (trouble_) return *trouble_;
    durable_ = entries_.size();
    return {};
}

std::vector<TaskRecord> MemoryStore::tasks() const {
    std::map<TaskId, TaskRecord> last;
    for (TaskChanged& changed : all<TaskChanged>()) last.insert_or_assign(changed.task.id, std::move(changed.task));
    std::vector<TaskRecord> tasks;
    for (auto& [id, task] : last) tasks.push_back(std::move(task));
    return tasks;
}

}  // namespace plimsoll::history
