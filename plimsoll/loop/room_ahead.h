// SPDX-License-Identifier: Apache-2.0
// Room ahead of need: tasks that wait for nothing but tasks which are about to end find theirs free when it is their
// turn (allocate/ahead.h).
//
// It serves no task that would not go first were it ready, so it takes nothing from those before it in line; what waits
// behind it starts where it leaves that room alone. What is due (deadlines.h) has its room before.
#pragma once

#include <optional>
#include <vector>

#include "plimsoll/allocate/ahead.h"
#include "plimsoll/loop/books.h"
#include "plimsoll/loop/lineup.h"
#include "plimsoll/loop/order.h"
#include "plimsoll/loop/sizing.h"
#include "plimsoll/schedule/schedule.h"

namespace plimsoll::loop {

class RoomAhead {
public:
    /// All outlive it.
    RoomAhead(Books& books, Sizing& sizing, const Order& order, const Lineup& lineup)
        : books_(books), sizing_(sizing), order_(order), lineup_(lineup) {}

    /// Room for what comes next, beside what is kept for deadlines.
    std::vector<schedule::Promise> promises(const std::vector<schedule::Promise>& due, Instant now);
    /// How long room has been kept for a task that starts now; nothing where none was to the end.
    std::optional<Duration> kept_for(TaskId id, Instant now) const;

private:
    void look(const std::vector<schedule::Promise>& due, Instant now);
    bool would_go_first(TaskId id, const Resources& amounts) const;
    void begin(TaskId id, const Reservation& room, const allocate::Ahead& why, Instant now);
    void give_up(allocate::KeptAhead& kept, Instant now);

    Books& books_;
    Sizing& sizing_;
    const Order& order_;
    const Lineup& lineup_;
    std::vector<allocate::KeptAhead> kept_;  ///< for tasks that have not started
    Instant next_look_{};
};

}  // namespace plimsoll::loop
