// SPDX-License-Identifier: Apache-2.0
// The tasks that have joined a run and how each stands: who waits for whom, who is ready, who is done.
// Bookkeeping alone; it decides nothing and knows neither time nor files.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "plimsoll/model/run.h"
#include "plimsoll/model/task.h"

namespace plimsoll::loop {

/// What has been tried for one task, and what the next attempt has to differ in.
struct Tries {
    int attempts = 0;  ///< started so far
    int out_of_memory = 0;
    int timeouts = 0;
    int failures = 0;  ///< plain ones
    int changed_inputs = 0;
    int preemptions = 0;       ///< ended for a task that was due
    int losses = 0;            ///< its node went while it ran
    int refusals = 0;          ///< the machine could not take it although nothing else of the run was running
    bool was_refused = false;  ///< the last attempt: nothing was wrong with the command itself
    Bytes failed_memory{};     ///< the limit at which it last ran out of memory; 0: never did
    Duration failed_after{};   ///< of its own time, then
    Bytes outgrown{};          ///< what it needed when it was ended to make room for others; 0: it was not
    std::string saved;         ///< the folder from which the next attempt goes on; "": it begins anew
    Bytes all_there_was{};     ///< what it was sized down to because others use the rest; 0: it was not
};

class TaskTable {
public:
    struct Entry {
        Task task;
        Instant joined{};
        TaskState state = TaskState::waiting;
        bool must_run = false;              ///< its outputs are wanted again, whatever a receipt says
        std::uint32_t unmet = 0;            ///< needs that are not done, until it starts
        std::uint32_t open_dependents = 0;  ///< dependents that are not done
        std::vector<TaskId> dependents;
        std::vector<TaskId> parts;  ///< of a task that was split: it joins them once they are done
        Tries tries;
        std::string reason;  ///< why it runs, was skipped, failed or cancelled
    };

    /// Tasks join with the next ids, their needs before them. Gives those that are ready at once.
    std::vector<TaskId> join(std::vector<Task> tasks);
    /// A ready task is done in parts, which join with the next ids and need nothing but what it needed: it waits for
    /// them. Gives those that are ready, which are all.
    std::vector<TaskId> join_parts(TaskId whole, std::vector<Task> parts);
    TaskId size() const { return static_cast<TaskId>(entries_.size()); }
    const Entry& operator[](TaskId id) const { return entries_[id]; }
    /// Calls visit(id) with all that must be done before it: what it needs, and the parts that it joins.
    void each_before(TaskId id, const auto& visit) const {
        for (const TaskId need : entries_[id].task.needs) visit(need);
        for (const TaskId part : entries_[id].parts) visit(part);
    }
    Entry& at(TaskId id) { return entries_[id]; }

    void set_state(TaskId id, TaskState state);
    std::uint32_t count(TaskState state) const { return counts_[static_cast<std::size_t>(state)]; }
    /// Tasks that may still come to run or are running.
    std::uint32_t open() const;

    /// The task is done (finished or up to date): gives the dependents that became ready.
    std::vector<TaskId> complete(TaskId id, TaskState done);
    /// The task failed or was cancelled: so are all that wait for it, and these are given.
    std::vector<TaskId> abandon(TaskId id, TaskState state, std::string_view reason);
    /// A done task has to run once more because `wanted_by` needs an output that was deleted after use: it is
    /// ready, or waits for a need that was revived before. Its dependents that have not started wait for it again;
    /// gives those of them that were ready.
    std::vector<TaskId> revive(TaskId producer, TaskId wanted_by);
    /// It has to run again: ready, or waiting if a need was revived meanwhile. Is it ready?
    bool try_again(TaskId id);
    /// The tasks done whose dependents are all done too, counting `id` itself and what it needs:
    /// whose temporary outputs nobody needs any more.
    std::vector<TaskId> released_by(TaskId id) const;

    std::optional<TaskId> producer_of(std::string_view path) const;

private:
    void add_producer(const Task& task);

    std::vector<Entry> entries_;
    std::uint32_t counts_[7] = {};
    std::unordered_map<std::string, TaskId> temporary_producers_;
};

bool is_done(TaskState state);

}  // namespace plimsoll::loop
