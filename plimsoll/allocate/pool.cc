// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/allocate/pool.h"

#include <algorithm>
#include <utility>

#include "plimsoll/base/check.h"

namespace plimsoll::allocate {
namespace {

// Below this a slide would be smaller than what it takes to notice an end.
constexpr Duration shortest_slide = std::chrono::milliseconds(100);

/// Without the phases that are over; the last one never is.
Reservation from_now_on(Reservation reservation, Instant now) {
    std::vector<Phase>& phases = reservation.phases;
    while (phases.size() > 1 && end_of(reservation.start, phases.front().until) <= now) phases.erase(phases.begin());
    if (!phases.empty()) reservation.amounts = most_of(phases);
    if (phases.size() == 1) phases.clear();
    return reservation;
}

/// The first phase holds other amounts. Of a kind that grows, the phases after it hold no less than that, up to the
/// first that was planned to hold less than the first phase was.
void reshape(std::vector<Phase>& phases, const Resources& amounts) {
    const ResourceCounts planned = counts_of(std::exchange(phases.front().amounts, amounts));
    const ResourceCounts grown = counts_of(amounts);
    for (std::size_t kind = 0; kind < grown.size(); ++kind) {
        if (grown[kind] <= planned[kind]) continue;
        for (std::size_t at = 1; at < phases.size(); ++at) {
            ResourceCounts later = counts_of(phases[at].amounts);
            if (later[kind] < planned[kind]) break;
            if (later[kind] >= grown[kind]) continue;
            later[kind] = grown[kind];
            phases[at].amounts = resources_of(later);
        }
    }
}

}  // namespace

Claim& Claim::operator=(Claim&& other) noexcept {
    if (this == &other) return *this;
    release();
    pool_ = std::exchange(other.pool_, nullptr);
    slot_ = other.slot_;
    return *this;
}

const Reservation& Claim::reservation() const {
    PLIM_CHECK(pool_ != nullptr, "an empty claim has no reservation");
    return pool_->slots_[slot_];
}

const Resources& Claim::held(Instant when) const { return amounts_at(reservation(), when); }

void Claim::resize(const Resources& amounts, Instant now) {
    Reservation resized = from_now_on(reservation(), now);
    if (!resized.phases.empty()) reshape(resized.phases, amounts);
    resized.amounts = resized.phases.empty() ? amounts : most_of(resized.phases);
    pool_->replace(slot_, std::move(resized));
}

void Claim::delay(Duration stood, Instant now) {
    const Instant since = now - stood;
    Reservation delayed = from_now_on(reservation(), since);
    for (Phase& phase : delayed.phases) phase.until = end_of(end_of(delayed.start, phase.until), stood) - delayed.start;
    if (delayed.end > since) delayed.end = end_of(delayed.end, stood);
    pool_->replace(slot_, std::move(delayed));
}

void Claim::end_by(Instant when, Instant now) {
    Reservation shorter = from_now_on(reservation(), now);
    shorter.end = std::min(shorter.end, std::max(when, now));
    while (shorter.phases.size() > 1 && end_of(shorter.start, shorter.phases.rbegin()[1].until) >= shorter.end)
        shorter.phases.pop_back();
    pool_->replace(slot_, std::move(shorter));
}

void Claim::release() {
    if (pool_ != nullptr) std::exchange(pool_, nullptr)->release(slot_);
}

Pool::Pool(std::span<const Node> nodes) : free_(nodes.size()), next_step_(nodes.size(), Instant::max()) {
    for (const Node& node : nodes) {
        PLIM_CHECK(node.id == calendars_.size(), "node ids count from 0 in order");
        changed_.push_back(node.id);
        calendars_.emplace_back(node.capacity);
    }
}

void Pool::set_capacity(NodeId node, const Resources& capacity) {
    calendars_.at(node).set_capacity(capacity);
    changed_.push_back(node);
}

Resources Pool::held_at(NodeId node, Instant when) const {
    const Calendar& calendar = calendars_.at(node);
    return calendar.capacity() - calendar.free_at(when);
}

std::optional<Claim> Pool::claim(const Reservation& reservation) {
    const Need need = need_of(reservation.amounts, reservation.phases);
    if (!calendars_.at(reservation.node).fits_throughout(need, reservation.start, reservation.end)) return std::nullopt;
    return adopt(reservation);
}

Claim Pool::adopt(const Reservation& reservation) {
    std::size_t slot = slots_.size();
    if (free_slots_.empty()) {
        slots_.push_back(reservation);
    } else {
        slot = free_slots_.back();
        free_slots_.pop_back();
        slots_[slot] = reservation;
    }
    calendars_.at(reservation.node).add(reservation);
    changed_.push_back(reservation.node);
    ends_.emplace(reservation.end, slot);
    return Claim(this, slot);
}

void Pool::advance(Instant now) {
    while (!ends_.empty() && ends_.begin()->first <= now) slide(ends_.begin()->second, now);
    for (; !steps_.empty() && steps_.top().first <= now; steps_.pop()) {
        const auto [when, node] = steps_.top();
        if (next_step_[node] != when) continue;  // another came before it, and has been taken
        next_step_[node] = Instant::max();
        changed_.push_back(node);
    }
    for (const NodeId node : changed_) {
        calendars_[node].trim(now);
        free_.set(node, counts_of(calendars_[node].free_at(now)));
        note_step(node, now);
    }
    changed_.clear();
}

void Pool::note_step(NodeId node, Instant now) {
    const std::optional<Instant> next = calendars_[node].next_change(now);
    if (!next || *next >= next_step_[node]) return;
    next_step_[node] = *next;
    steps_.emplace(*next, node);
}

void Pool::slide(std::size_t slot, Instant now) {
    Reservation slid = from_now_on(slots_[slot], now);
    slid.end = end_of(now, std::max(shortest_slide, (now - slid.start) / 2));
    replace(slot, std::move(slid));
}

void Pool::release(std::size_t slot) {
    const Reservation& reservation = slots_[slot];
    calendars_[reservation.node].remove(reservation);
    changed_.push_back(reservation.node);
    ends_.erase({reservation.end, slot});
    free_slots_.push_back(slot);
}

void Pool::replace(std::size_t slot, Reservation other) {
    Reservation& reservation = slots_[slot];
    Calendar& calendar = calendars_[reservation.node];
    calendar.remove(reservation);
    ends_.erase({reservation.end, slot});
    reservation = std::move(other);
    calendar.add(reservation);
    changed_.push_back(reservation.node);
    ends_.emplace(reservation.end, slot);
}

}  // namespace plimsoll::allocate
