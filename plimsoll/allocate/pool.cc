// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/allocate/pool.h"

#include <algorithm>

#include "plimsoll/base/check.h"

namespace plimsoll::allocate {
namespace {

// Below this a slide would be smaller than what it takes to notice an end.
constexpr Duration shortest_slide = std::chrono::milliseconds(100);

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

bool Claim::resize(const Resources& amounts) { return pool_ != nullptr && pool_->resize(slot_, amounts); }

void Claim::release() {
    if (pool_ != nullptr) std::exchange(pool_, nullptr)->release(slot_);
}

Pool::Pool(std::span<const Node> nodes) {
    for (const Node& node : nodes) {
        PLIM_CHECK(node.id == calendars_.size(), "node ids count from 0 in order");
        calendars_.emplace_back(node.capacity);
    }
}

void Pool::set_capacity(NodeId node, const Resources& capacity) { calendars_.at(node).set_capacity(capacity); }

Resources Pool::held_at(NodeId node, Instant when) const {
    const Calendar& calendar = calendars_.at(node);
    return calendar.capacity() - calendar.free_at(when);
}

std::optional<Claim> Pool::claim(const Reservation& reservation) {
    if (!calendars_.at(reservation.node).fits_throughout(reservation.amounts, reservation.start, reservation.end))
        return std::nullopt;
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
    ends_.emplace(reservation.end, slot);
    return Claim(this, slot);
}

void Pool::advance(Instant now) {
    while (!ends_.empty() && ends_.begin()->first <= now) slide(ends_.begin()->second, now);
    for (Calendar& calendar : calendars_) calendar.trim(now);
}

void Pool::slide(std::size_t slot, Instant now) {
    Reservation& reservation = slots_[slot];
    ends_.erase({reservation.end, slot});
    calendars_[reservation.node].remove(reservation);
    reservation.end = end_of(now, std::max(shortest_slide, (now - reservation.start) / 2));
    calendars_[reservation.node].add(reservation);
    ends_.emplace(reservation.end, slot);
}

void Pool::release(std::size_t slot) {
    const Reservation& reservation = slots_[slot];
    calendars_[reservation.node].remove(reservation);
    ends_.erase({reservation.end, slot});
    free_slots_.push_back(slot);
}

bool Pool::resize(std::size_t slot, const Resources& amounts) {
    Reservation& reservation = slots_[slot];
    Calendar& calendar = calendars_[reservation.node];
    calendar.remove(reservation);
    Reservation resized = reservation;
    resized.amounts = amounts;
    const bool room = calendar.fits_throughout(amounts, reservation.start, reservation.end);
    if (room) reservation = resized;
    calendar.add(reservation);
    return room;
}

}  // namespace plimsoll::allocate
