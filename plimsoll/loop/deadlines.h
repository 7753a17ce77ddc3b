// SPDX-License-Identifier: Apache-2.0
// Deadlines while a run goes on: by when each task must be done, and the room that is kept for what is due.
#pragma once

#include <optional>
#include <vector>

#include "plimsoll/loop/books.h"
#include "plimsoll/loop/sizing.h"
#include "plimsoll/schedule/schedule.h"

namespace plimsoll::loop {

class Deadlines {
public:
    /// Both outlive it.
    Deadlines(const Books& books, Sizing& sizing) : books_(books), sizing_(sizing) {}

    /// Tasks from `first` on have joined, or what they are taken to need has changed.
    void note(TaskId first = 0);
    /// By when it must be done for all deadlines to be met; max: none rests on it.
    Instant due(TaskId id) const { return due_[id]; }
    bool is_due(TaskId id) const { return due_[id] != Instant::max(); }
    /// Is there any?
    bool any() const { return any_; }
    /// Is a task that can still be saved about to need what there is?
    bool is_due_soon(Instant now) const;

    /// Room for what is due and has not started.
    std::vector<schedule::Promise> promises(Instant now);

private:
    enum class Placing { late, early, as_before };
    struct Promised {
        std::vector<schedule::Promise> kept;
        int missed = 0;  ///< of their deadlines
    };
    std::vector<TaskId> open(Instant now) const;
    Promised place(const std::vector<TaskId>& open, Placing how, Instant now);
    std::optional<schedule::Promise> promise_of(TaskId id, Placing how, Instant ready, std::vector<Calendar>& nodes);

    const Books& books_;
    Sizing& sizing_;
    std::vector<Instant> due_;  ///< of each task
    bool any_ = false;
    std::vector<schedule::Promise> promised_;  ///< by the last plan
};

}  // namespace plimsoll::loop
