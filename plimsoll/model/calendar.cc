// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/model/calendar.h"

#include <algorithm>

#include "plimsoll/base/check.h"

namespace plimsoll {

namespace {

/// Calls take(counts, from, until) for each stretch of a need from start to end, in order, until one gives false;
/// true if none did.
template <class Take>
bool each_stretch(const Need& need, Instant start, Instant end, const Take& take) {
    if (need.stretches.empty()) return take(need.most, start, end);
    Instant from = start;
    for (const Need::Stretch& stretch : need.stretches) {
        const Instant until = std::min(end, end_of(start, stretch.until));
        if (from < until && !take(stretch.counts, from, until)) return false;
        from = until;
    }
    return true;
}

}  // namespace

Calendar::Calendar(const Resources& capacity) : capacity_(counts_of(capacity)), levels_{{Instant::min(), {}}} {}

Resources Calendar::free_at(Instant when) const {
    ResourceCounts free = capacity_;
    const ResourceCounts& held = levels_[level_at(when)].held;
    for (std::size_t kind = 0; kind < free.size(); ++kind) free[kind] -= held[kind];
    return resources_of(free);
}

std::optional<Instant> Calendar::next_change(Instant after) const {
    const std::size_t next = level_at(after) + 1;
    return next < levels_.size() ? std::optional(levels_[next].from) : std::nullopt;
}

bool Calendar::fits_when_empty(const Resources& amounts) const { return has_room({{}, {}}, counts_of(amounts)); }

bool Calendar::fits_throughout(const Need& need, Instant start, Instant end) const {
    if (end <= start) return fits_throughout(need.at_start(), start, end);
    return each_stretch(need, start, end, [this](const ResourceCounts& counts, Instant from, Instant until) {
        return fits_throughout(counts, from, until);
    });
}

bool Calendar::fits_throughout(const ResourceCounts& need, Instant start, Instant end) const {
    std::size_t at = level_at(start);
    do {
        if (!has_room(levels_[at], need)) return false;
        ++at;
    } while (at < levels_.size() && levels_[at].from < end);
    return true;
}

// Each stretch in turn moves the start to where it fits itself, until none moves it any more. No start is passed
// over at which all fit: none of those in between suits the stretch that moved it.
std::optional<Instant> Calendar::earliest_start(const Need& need, Duration length, Instant from, Instant before) const {
    if (need.stretches.empty() || length <= Duration::zero())
        return earliest_start(need.at_start(), length, from, before);
    Instant start = from;
    for (Instant last = Instant::min(); last != start;) {
        last = start;
        Duration begin{};
        for (const Need::Stretch& stretch : need.stretches) {
            if (begin >= length) break;
            const Duration until = std::min(length, stretch.until);
            const auto first =
                earliest_start(stretch.counts, until - begin, end_of(start, begin), end_of(before, begin));
            if (!first) return std::nullopt;
            start = std::max(start, *first - begin);
            begin = until;
        }
    }
    return start;
}

std::optional<Instant> Calendar::earliest_start(const ResourceCounts& need, Duration length, Instant from,
                                                Instant before) const {
    Instant start = from;
    for (std::size_t at = level_at(from); at < levels_.size() && start < before; ++at) {
        const bool last = at + 1 == levels_.size();
        if (!has_room(levels_[at], need)) {
            if (last) return std::nullopt;
            start = levels_[at + 1].from;
        } else if (last || levels_[at + 1].from >= end_of(start, length)) {
            return start;
        }
    }
    return std::nullopt;
}

void Calendar::add(const Reservation& reservation) {
    const Need need = need_of(reservation.amounts, reservation.phases);
    each_stretch(need, reservation.start, reservation.end, [this](const auto& counts, Instant from, Instant until) {
        hold(counts, from, until);
        return true;
    });
}

void Calendar::remove(const Reservation& reservation) {
    const Need need = need_of(reservation.amounts, reservation.phases);
    each_stretch(need, reservation.start, reservation.end, [this](const auto& counts, Instant from, Instant until) {
        give_back(counts, from, until);
        return true;
    });
}

void Calendar::hold(ResourceCounts amounts, Instant start, Instant end) {
    if (end <= start) return;
    const auto [first, last] = split(start, end);
    for (std::size_t at = first; at < last; ++at)
        for (std::size_t kind = 0; kind < amounts.size(); ++kind) levels_[at].held[kind] += amounts[kind];
    merge_at(last);
    merge_at(first);
}

void Calendar::give_back(ResourceCounts amounts, Instant start, Instant end) {
    if (end <= start) return;
    const auto [first, last] = split(start, end);
    for (std::size_t at = first; at < last; ++at) {
        for (std::size_t kind = 0; kind < amounts.size(); ++kind) {
            levels_[at].held[kind] -= amounts[kind];
            PLIM_CHECK(levels_[at].held[kind] >= 0, "a reservation was removed that had not been added");
        }
    }
    merge_at(last);
    merge_at(first);
}

void Calendar::trim(Instant now) {
    const std::size_t first = level_at(now);
    levels_.erase(levels_.begin(), levels_.begin() + static_cast<std::ptrdiff_t>(first));
    levels_.front().from = std::max(levels_.front().from, now);
}

std::size_t Calendar::level_at(Instant when) const {
    const auto after = std::upper_bound(levels_.begin(), levels_.end(), when,
                                        [](Instant instant, const Level& level) { return instant < level.from; });
    return after == levels_.begin() ? 0 : static_cast<std::size_t>(after - levels_.begin()) - 1;
}

std::pair<std::size_t, std::size_t> Calendar::split(Instant start, Instant end) {
    const std::size_t first = level_at(start);
    const std::size_t last = level_at(end);
    if (levels_[first].from >= start || levels_[last].from >= end || end == Instant::max()) {
        const std::size_t begin = split_at(start);
        return {begin, end == Instant::max() ? levels_.size() : split_at(end)};
    }
    // Both are new: one pass over the tail instead of two, which is most of what inserting costs.
    const auto place = [this](std::size_t at) { return levels_.begin() + static_cast<std::ptrdiff_t>(at); };
    const std::size_t size = levels_.size();
    levels_.resize(size + 2);
    std::move_backward(place(last + 1), place(size), levels_.end());
    levels_[last + 2] = {end, levels_[last].held};
    std::move_backward(place(first + 1), place(last + 1), place(last + 2));
    levels_[first + 1] = {start, levels_[first].held};
    return {first + 1, last + 2};
}

std::size_t Calendar::split_at(Instant when) {
    const std::size_t at = level_at(when);
    if (levels_[at].from >= when) return at;
    levels_.insert(levels_.begin() + static_cast<std::ptrdiff_t>(at) + 1, {when, levels_[at].held});
    return at + 1;
}

void Calendar::merge_at(std::size_t at) {
    if (at == 0 || at >= levels_.size() || levels_[at].held != levels_[at - 1].held) return;
    levels_.erase(levels_.begin() + static_cast<std::ptrdiff_t>(at));
}

bool Calendar::has_room(const Level& level, const ResourceCounts& need) const {
    bool room = true;
    // Of a kind that is not asked for, being overfull is no obstacle.
    for (std::size_t kind = 0; kind < need.size(); ++kind)
        room &= need[kind] == 0 || level.held[kind] + need[kind] <= capacity_[kind];
    return room;
}

}  // namespace plimsoll
