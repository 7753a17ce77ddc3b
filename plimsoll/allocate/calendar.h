// SPDX-License-Identifier: Apache-2.0
// Calendar: who holds how much of one node from when to when. Never above the node's capacity.
#pragma once

#include <optional>
#include <vector>

#include "plimsoll/model/plan.h"

namespace plimsoll::allocate {

/// The free amounts of one node over time, as a sorted vector of steps (the fastest form up to 10,000
/// reservations). A value: plan on a copy, throw it away.
class Calendar {
public:
    explicit Calendar(Resources capacity);
    const Resources& capacity() const { return capacity_; }
    /// Capacity may change while reservations stand (others came or went); it may then be below what is held.
    void set_capacity(const Resources& capacity);

    /// Free at that instant; negative where more is held than there is.
    Resources free_at(Instant when) const;
    /// Does it fit from start to end?
    bool fits_throughout(const Resources& amounts, Instant start, Instant end) const;
    /// The earliest start not before `from` at which the amounts fit for so long; nothing when they
    /// exceed the capacity itself.
    std::optional<Instant> earliest_start(const Resources& amounts, Duration length, Instant from) const;

    void add(const Reservation& reservation);     ///< the caller has seen that it fits
    void remove(const Reservation& reservation);  ///< the same value as was added
    /// Forgets steps before `now`.
    void trim(Instant now);

private:
    struct Level { Instant from; Resources held; };
    Resources capacity_;
    std::vector<Level> levels_;  ///< sorted; the first holds from the beginning of time
};

}  // namespace plimsoll::allocate
