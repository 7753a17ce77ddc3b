// SPDX-License-Identifier: Apache-2.0
// Calendar: who holds how much of one node from when to when. A value that `allocate` keeps for what is
// held and `schedule` plans on, so it stands with the nouns.
//
// A sorted vector of steps: between two steps the held amounts do not change. Amounts are whole numbers
// (ResourceCounts), so that removing what was added leaves exactly what was there, however often. A reservation
// of several phases is held, looked for and taken back phase by phase.
#pragma once

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "plimsoll/model/need.h"
#include "plimsoll/model/plan.h"

namespace plimsoll {

class Calendar {
public:
    explicit Calendar(const Resources& capacity);
    Resources capacity() const { return resources_of(capacity_); }
    /// Capacity may change while reservations stand (others came or went); it may then be below what is held.
    void set_capacity(const Resources& capacity) { capacity_ = counts_of(capacity); }

    /// Free at that instant; negative where more is held than there is.
    Resources free_at(Instant when) const;
    /// The first instant after that at which more or less is held; nothing when it stays as it is.
    std::optional<Instant> next_change(Instant after) const;
    /// Would they fit if nothing were held?
    bool fits_when_empty(const Resources& amounts) const;
    /// Does it fit at every instant from start to end? (What is needed at first, at `start` alone, if end <= start.)
    bool fits_throughout(const Need& need, Instant start, Instant end) const;
    bool fits_throughout(const Resources& amounts, Instant start, Instant end) const {
        return fits_throughout(counts_of(amounts), start, end);
    }
    /// The earliest start not before `from`, and before `before`, at which it fits for so long; nothing when there is
    /// none: it exceeds the capacity, or what is held without end leaves too little.
    std::optional<Instant> earliest_start(const Need& need, Duration length, Instant from,
                                          Instant before = Instant::max()) const;
    std::optional<Instant> earliest_start(const Resources& amounts, Duration length, Instant from) const {
        return earliest_start(counts_of(amounts), length, from, Instant::max());
    }

    /// Holds its amounts from start to end, whether they fit or not: what runs is held, room or none.
    /// Nothing happens if end <= start.
    void add(const Reservation& reservation);
    /// Takes back a reservation of the same value as was added.
    void remove(const Reservation& reservation);
    /// Forgets what was before `now`.
    void trim(Instant now);
    /// How many steps it takes to write down what is held.
    std::size_t steps() const { return levels_.size(); }

    bool operator==(const Calendar&) const = default;

private:
    struct Level {
        Instant from{};
        ResourceCounts held{};
        bool operator==(const Level&) const = default;
    };
    std::size_t level_at(Instant when) const;
    std::size_t split_at(Instant when);
    std::pair<std::size_t, std::size_t> split(Instant start, Instant end);  ///< the levels from start to before end
    void merge_at(std::size_t at);
    bool fits_throughout(const ResourceCounts& need, Instant start, Instant end) const;
    std::optional<Instant> earliest_start(const ResourceCounts& need, Duration length, Instant from,
                                          Instant before) const;
    // By value: what may alias the levels is read again at each.
    void hold(ResourceCounts amounts, Instant start, Instant end);
    void give_back(ResourceCounts amounts, Instant start, Instant end);
    bool has_room(const Level& level, const ResourceCounts& need) const;

    ResourceCounts capacity_;
    std::vector<Level> levels_;  ///< sorted by `from`, neighbours differ; the first is from the beginning of time
};

}  // namespace plimsoll
