// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/loop/task_table.h"

#include <algorithm>
#include <utility>

#include "plimsoll/base/check.h"
#include "plimsoll/model/split.h"

namespace plimsoll::loop {

bool is_done(TaskState state) { return state == TaskState::finished || state == TaskState::up_to_date; }

std::vector<TaskId> TaskTable::join(std::vector<Task> tasks) {
    std::vector<TaskId> ready;
    for (Task& task : tasks) {
        const TaskId id = size();
        PLIM_CHECK(task.id == id, "tasks join with the next ids, in order");
        add_producer(task);
        entries_.push_back({.task = std::move(task), .reason = {}});
        ++counts_[static_cast<std::size_t>(TaskState::waiting)];
        Entry& entry = entries_.back();
        bool doomed = false;
        for (const TaskId need : entry.task.needs) {
            PLIM_CHECK(need < id, "what a task needs joins before it");
            Entry& needed = entries_[need];
            needed.dependents.push_back(id);
            ++needed.open_dependents;
            doomed |= needed.state == TaskState::failed || needed.state == TaskState::cancelled;
            if (!is_done(needed.state)) ++entry.unmet;
        }
        if (doomed) {
            abandon(id, TaskState::cancelled, "what it needs had failed before it joined");
        } else if (entry.unmet == 0) {
            set_state(id, TaskState::ready);
            ready.push_back(id);
        }
    }
    return ready;
}

std::vector<TaskId> TaskTable::join_parts(TaskId whole, std::vector<Task> parts) {
    PLIM_CHECK(entries_[whole].state == TaskState::ready, "a task is split when it could start");
    const std::vector<TaskId> ready = join(std::move(parts));
    for (const TaskId part : ready) {
        entries_[part].dependents.push_back(whole);
        ++entries_[part].open_dependents;
    }
    entries_[whole].parts = ready;
    entries_[whole].unmet = static_cast<std::uint32_t>(ready.size());
    set_state(whole, TaskState::waiting);
    return ready;
}

void TaskTable::add_producer(const Task& task) {
    // Only temporary outputs are ever asked for by path, so the map stays small.
    for (const OutputFile& output : task.outputs)
        if (output.temporary) temporary_producers_[output.path] = task.id;
}

void TaskTable::set_state(TaskId id, TaskState state) {
    Entry& entry = entries_[id];
    --counts_[static_cast<std::size_t>(entry.state)];
    ++counts_[static_cast<std::size_t>(state)];
    entry.state = state;
}

std::uint32_t TaskTable::open() const {
    return count(TaskState::waiting) + count(TaskState::ready) + count(TaskState::running);
}

std::vector<TaskId> TaskTable::complete(TaskId id, TaskState done) {
    PLIM_CHECK(is_done(done), "only a finished or up-to-date task completes");
    set_state(id, done);
    entries_[id].must_run = false;
    for (const auto* before : {&entries_[id].task.needs, &entries_[id].parts})
        for (const TaskId need : *before) --entries_[need].open_dependents;
    std::vector<TaskId> ready;
    for (const TaskId dependent : entries_[id].dependents) {
        Entry& waiting = entries_[dependent];
        if (waiting.state != TaskState::waiting || waiting.unmet == 0 || --waiting.unmet > 0) continue;
        set_state(dependent, TaskState::ready);
        ready.push_back(dependent);
    }
    return ready;
}

std::vector<TaskId> TaskTable::abandon(TaskId id, TaskState state, std::string_view reason) {
    std::vector<TaskId> abandoned;
    std::vector<TaskId> next = {id};
    while (!next.empty()) {
        const TaskId at = next.back();
        next.pop_back();
        Entry& entry = entries_[at];
        if (at != id && entry.state != TaskState::waiting) continue;
        set_state(at, at == id ? state : TaskState::cancelled);
        if (at == id) entry.reason = reason;
        else
            entry.reason = "needs " + entries_[id].task.name + ", which " +
                           (state == TaskState::failed ? "failed" : "was cancelled");
        abandoned.push_back(at);
        next.insert(next.end(), entry.dependents.begin(), entry.dependents.end());
    }
    return abandoned;
}

std::vector<TaskId> TaskTable::revive(TaskId producer, TaskId wanted_by) {
    Entry& made = entries_[producer];
    PLIM_CHECK(is_done(made.state), "only what is done runs once more");
    made.reason = "its temporary output is needed again by " + entries_[wanted_by].task.name;
    if (!made.parts.empty()) {  // they are gone as well: this time it is done in one piece
        made.parts.clear();
        made.task.step = made.task.split->step;
        made.task.command = made.task.split->whole;
    }
    for (const TaskId need : made.task.needs) ++entries_[need].open_dependents;
    try_again(producer);
    std::vector<TaskId> set_back;
    for (const TaskId dependent : made.dependents) {
        Entry& reader = entries_[dependent];
        if (reader.state != TaskState::waiting && reader.state != TaskState::ready) continue;
        ++reader.unmet;
        if (reader.state == TaskState::waiting) continue;
        set_state(dependent, TaskState::waiting);
        set_back.push_back(dependent);
    }
    return set_back;
}

bool TaskTable::try_again(TaskId id) {
    Entry& entry = entries_[id];
    entry.must_run = true;
    entry.unmet = static_cast<std::uint32_t>(
        std::ranges::count_if(entry.task.needs, [&](TaskId need) { return !is_done(entries_[need].state); }));
    set_state(id, entry.unmet == 0 ? TaskState::ready : TaskState::waiting);
    return entry.unmet == 0;
}

std::vector<TaskId> TaskTable::released_by(TaskId id) const {
    std::vector<TaskId> released;
    const auto consider = [&](TaskId at) {
        const Entry& entry = entries_[at];
        const bool has_temporary = std::any_of(entry.task.outputs.begin(), entry.task.outputs.end(),
                                               [](const OutputFile& output) { return output.temporary; });
        const bool has_files = has_temporary || !entry.parts.empty();
        if (has_files && is_done(entry.state) && entry.open_dependents == 0) released.push_back(at);
    };
    consider(id);
    for (const auto* before : {&entries_[id].task.needs, &entries_[id].parts})
        for (const TaskId need : *before) consider(need);
    return released;
}

std::optional<TaskId> TaskTable::producer_of(std::string_view path) const {
    const auto found = temporary_producers_.find(std::string(path));
    if (found == temporary_producers_.end()) return std::nullopt;
    return found->second;
}

}  // namespace plimsoll::loop
