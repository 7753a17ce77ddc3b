// SPDX-License-Identifier: Apache-2.0
// Reading ahead: while tasks run, what the next ones will read is brought into memory.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "plimsoll/allocate/prefetch.h"
#include "plimsoll/loop/books.h"
#include "plimsoll/loop/lineup.h"
#include "plimsoll/loop/order.h"

namespace plimsoll::loop {

class ReadingAhead {
public:
    /// All outlive it.
    ReadingAhead(Books& books, const Order& order, const Lineup& lineup)
        : books_(books), order_(order), lineup_(lineup) {}

    /// Every half second: tells the warmer what is worth reading.
    void look(Instant now);
    /// Told of a task that starts: what of its inputs had been read ahead.
    void note_start(TaskId id, int attempt);

private:
    std::optional<Instant> expected_end(TaskId running) const;
    void add_waiting_for_running(std::vector<allocate::Coming>& coming) const;
    void add_queued(std::vector<allocate::Coming>& coming) const;

    Books& books_;
    const Order& order_;
    const Lineup& lineup_;
    std::unordered_map<std::string, Bytes> warm_;  ///< files that were read ahead
    Instant next_look_{};
};

}  // namespace plimsoll::loop
