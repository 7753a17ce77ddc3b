// SPDX-License-Identifier: Apache-2.0
// Pool and Claim: what is held on every node. A Claim owns one reservation and gives it back when it is
// destroyed, so that no way out of a task can leak amounts.
//
// A task that runs past its reservation's end keeps its amounts: its end slides by half of what it has
// run so far, each time it is passed. Geometric steps, so that a long overrun costs few slides and the
// next guess stays in proportion to what is known.
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "plimsoll/model/calendar.h"
#include "plimsoll/model/plan.h"

namespace plimsoll::allocate {

class Pool;

/// Holds a reservation in a Pool, which outlives it. Move-only; an empty one holds nothing.
class [[nodiscard]] Claim {
public:
    Claim() = default;
    ~Claim() { release(); }
    Claim(Claim&& other) noexcept : pool_(std::exchange(other.pool_, nullptr)), slot_(other.slot_) {}
    Claim& operator=(Claim&& other) noexcept;
    Claim(const Claim&) = delete;
    Claim& operator=(const Claim&) = delete;

    /// As it stands now: the end may have slid since it was made. Only of a claim that is held.
    const Reservation& reservation() const;
    bool held() const { return pool_ != nullptr; }
    /// Other amounts from now on, for the rest of its time. False, and unchanged, if they do not fit.
    bool resize(const Resources& amounts);
    /// Gives it back early; then empty.
    void release();

private:
    friend class Pool;
    Claim(Pool* pool, std::size_t slot) : pool_(pool), slot_(slot) {}
    Pool* pool_ = nullptr;
    std::size_t slot_ = 0;
};

class Pool {
public:
    /// The nodes' ids are 0, 1, 2 ... in this order.
    explicit Pool(std::span<const Node> nodes);
    Pool(const Pool&) = delete;
    Pool& operator=(const Pool&) = delete;

    /// One per node, by id: what `schedule` plans on.
    const std::vector<Calendar>& calendars() const { return calendars_; }
    /// What this run may hold there from now on; may be less than what is held.
    void set_capacity(NodeId node, const Resources& capacity);
    /// What is held there at that instant.
    Resources held_at(NodeId node, Instant when) const;

    /// Holds it; nothing when it does not fit throughout.
    std::optional<Claim> claim(const Reservation& reservation);
    /// Holds it whether it fits or not: it runs already.
    Claim adopt(const Reservation& reservation);
    /// Time has come so far: ends that were passed slide, the past is forgotten. Before each plan.
    void advance(Instant now);

private:
    friend class Claim;
    void release(std::size_t slot);
    bool resize(std::size_t slot, const Resources& amounts);
    void slide(std::size_t slot, Instant now);

    std::vector<Calendar> calendars_;
    std::vector<Reservation> slots_;
    std::vector<std::size_t> free_slots_;
    std::set<std::pair<Instant, std::size_t>> ends_;  ///< of the slots in use, soonest first
};

}  // namespace plimsoll::allocate
