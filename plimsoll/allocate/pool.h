// SPDX-License-Identifier: Apache-2.0
// Pool and Claim: what is held on every node. A Claim owns one reservation and gives it back when it is
// destroyed, so that no way out of a task can leak amounts.
//
// What is planned is held phase by phase; what turns out otherwise is held as it is. A task that needs more (or
// less) than its phase was planned with is resized; one that stood still is delayed, and so are its phases; one that
// runs past its reservation's end keeps the last phase's amounts: its end slides by half of what it has run so
// far, each time it is passed. Geometric steps, so that a long overrun costs few slides and the next guess
// stays in proportion to what is known.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <queue>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "plimsoll/model/calendar.h"
#include "plimsoll/model/free_index.h"
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

    bool is_empty() const { return pool_ == nullptr; }
    /// As it stands: its end may have slid since it was made, and what it held in the past is forgotten. Only of a
    /// claim that is not empty, like all that follows.
    const Reservation& reservation() const;
    /// What it holds at that instant, which is not in the past; past its end what it held last.
    const Resources& held(Instant when) const;

    /// It holds other amounts from now on, more or less, whether they fit or not: what is free now the caller has
    /// seen, and where this collides with what others planned for later, the next plan will see.
    ///
    /// They hold for the rest of its present phase. In later phases it holds what was planned: less of a kind
    /// is given back when its time comes, and what is given up now for a while is taken again. But where no less
    /// was planned than for the present phase (memory that is filled bit by bit, say), it holds no less than now.
    void resize(const Resources& amounts, Instant now);
    /// It stood still for so long until now: what was planned for the time since then comes so much later, its end
    /// too. For a wait that goes on, call it again with the time since the last call: no phase passes unlived.
    void delay(Duration stood, Instant now);

    /// It is being ended, and expected to be gone by then: who plans counts on what it holds from then on.
    void end_by(Instant when, Instant now);

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
    /// What is free on each of them, as of the last `advance`.
    const FreeIndex& free() const { return free_; }
    /// What this run may hold there from now on; may be less than what is held.
    void set_capacity(NodeId node, const Resources& capacity);
    /// What is held there at that instant.
    Resources held_at(NodeId node, Instant when) const;

    /// Holds it; nothing when it does not fit throughout, each phase in its time.
    std::optional<Claim> claim(const Reservation& reservation);
    /// Holds it whether it fits or not: it runs already.
    Claim adopt(const Reservation& reservation);
    /// Time has come so far: ends that were passed slide, the past is forgotten. Before each plan.
    void advance(Instant now);

private:
    friend class Claim;
    void release(std::size_t slot);
    void slide(std::size_t slot, Instant now);
    void note_step(NodeId node, Instant now);
    /// The reservation becomes another one, on the same node.
    void replace(std::size_t slot, Reservation other);

    std::vector<Calendar> calendars_;
    FreeIndex free_;
    std::vector<NodeId> changed_;  ///< since the last `advance`
    /// When what is held on a node changes next by itself, soonest first; and the soonest that stands there of each.
    std::priority_queue<std::pair<Instant, NodeId>, std::vector<std::pair<Instant, NodeId>>, std::greater<>> steps_;
    std::vector<Instant> next_step_;
    std::vector<Reservation> slots_;
    std::vector<std::size_t> free_slots_;
    std::set<std::pair<Instant, std::size_t>> ends_;  ///< of the slots in use, soonest first
};

}  // namespace plimsoll::allocate
