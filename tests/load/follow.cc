// SPDX-License-Identifier: Apache-2.0
#include "follow.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace plimsoll::load {

namespace {

Bytes whole(double bytes) { return {std::llround(bytes)}; }

/// What flows at the curve's rate in that time.
Bytes flown(const Curve& rate, Duration from, Duration to) {
    return whole(amount_at(rate, from + (to - from) / 2) * seconds(to - from));
}

Result<void> follow_to(const Curves& curves, const Follower& follower, Duration from, Duration to, Bytes& held_most) {
    for (const double amount : amounts_between(curves.memory, from, to)) {
        PLIM_TRY(follower.memory.hold(whole(amount)));
        held_most = std::max(held_most, follower.memory.held());
    }
    follower.burner.burn(amount_at(curves.cores, to));
    if (follower.writer) PLIM_TRY(follower.writer->write(flown(curves.disk_write, from, to)));
    if (follower.reader) PLIM_TRY(follower.reader->read(flown(curves.disk_read, from, to)));
    return {};
}

}  // namespace

Duration end_of(const Curves& curves) {
    return std::max({end_of(curves.memory), end_of(curves.cores), end_of(curves.disk_read), end_of(curves.disk_write)});
}

double most_of(const Curve& curve) { return curve.empty() ? 0 : std::ranges::max(curve, {}, &Point::amount).amount; }

Result<Followed> follow(const Curves& curves, const Follower& follower, const Clock& clock,
                        const std::function<void(Duration)>& wait) {
    const Duration end = end_of(curves);
    const Instant start = clock.now();
    Followed seen;
    Instant looked = start;
    // The points at 0 lie after the instant before.
    for (Duration before = Duration(-1), own = {};;) {
        const Result<void> done = follow_to(curves, follower, before, own, seen.held_most);
        if (!done) return done.error().within(fmt::format("at {} of own time", format(own)));
        seen.own = own;
        if (own >= end) break;
        wait(look);
        const Instant now = clock.now();
        before = own;
        own = std::min(end, own + std::min(now - looked, look_most));
        looked = now;
    }
    seen.wall = clock.now() - start;
    return seen;
}

}  // namespace plimsoll::load
