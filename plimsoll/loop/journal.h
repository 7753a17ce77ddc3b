// SPDX-License-Identifier: Apache-2.0
// Journal: what a run writes into its history and tells, in order. What is told, or deleted, because of an entry waits
// until the history says that the entry is durable.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "plimsoll/base/clock.h"
#include "plimsoll/history/store.h"
#include "plimsoll/loop/event.h"
#include "plimsoll/loop/outbox.h"

namespace plimsoll::loop {

class Journal {
public:
    /// Both outlive it.
    Journal(history::Store& store, const Clock& clock) : store_(store), clock_(clock) {}

    void append(history::Entry entry) { last_ticket_ = store_.append(std::move(entry)); }
    /// Of that attempt of a task, taken now.
    void record(Decision decision, TaskId task, int attempt);
    /// Once all that was appended before it is durable.
    void tell(Event event);
    /// A text for people, in order with the rest.
    void note(std::string text);
    /// Once all that was appended before is durable, a task's temporary outputs may go.
    void delete_temporaries_of(TaskId task) { outbox_.delete_temporaries_of(task, last_ticket_); }

    /// What the history can take by itself it takes; where it cannot be written that is waited for. An error once
    /// waiting is no use: nothing more comes (`is_over`), or nothing has run for a while (`stands_still`). What it does
    /// not hold then is kept and tried again.
    Result<void> make_durable(Instant now, bool is_over, bool stands_still);
    bool is_durable() const { return last_ticket_ <= store_.durable_through(); }
    /// The history cannot be written just now.
    bool is_in_trouble() const { return trouble_since_.has_value(); }

    std::vector<Event> take_events() { return outbox_.take_events(store_.durable_through()); }
    /// The tasks whose temporary outputs may go.
    std::vector<TaskId> take_deletions() { return outbox_.take_deletions(store_.durable_through()); }
    /// All was told.
    bool empty() const { return outbox_.empty(); }

private:
    history::Store& store_;
    const Clock& clock_;
    Outbox outbox_;
    std::uint64_t last_ticket_ = 0;
    std::optional<Instant> trouble_since_;
};

}  // namespace plimsoll::loop
