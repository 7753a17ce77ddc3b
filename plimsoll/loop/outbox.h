// SPDX-License-Identifier: Apache-2.0
// What may be told or undone only after a commit: events that report finished work, and temporary
// outputs whose last reader has finished. Both wait for the history's word that it is durable.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "plimsoll/loop/event.h"

namespace plimsoll::loop {

class Outbox {
public:
    /// The event is told once entry number `after` is durable; events stay in order.
    void tell(Event event, std::uint64_t after) { events_.push_back({after, std::move(event)}); }
    void delete_temporaries_of(TaskId task, std::uint64_t after) { deletions_.push_back({after, task}); }

    std::vector<Event> take_events(std::uint64_t durable_through) { return take(events_, durable_through); }
    std::vector<TaskId> take_deletions(std::uint64_t durable_through) { return take(deletions_, durable_through); }
    bool empty() const { return events_.empty() && deletions_.empty(); }

private:
    template <class Value>
    struct Waiting {
        std::uint64_t after;
        Value value;
    };

    template <class Value>
    static std::vector<Value> take(std::deque<Waiting<Value>>& waiting, std::uint64_t durable_through) {
        std::vector<Value> taken;
        while (!waiting.empty() && waiting.front().after <= durable_through) {
            taken.push_back(std::move(waiting.front().value));
            waiting.pop_front();
        }
        return taken;
    }

    std::deque<Waiting<Event>> events_;
    std::deque<Waiting<TaskId>> deletions_;
};

}  // namespace plimsoll::loop
