// SPDX-License-Identifier: Apache-2.0
// When a running attempt is looked at next: ten times a second while it is young, because short tasks and
// the first allocations happen there, then once a second; again ten times a second, and at last twenty, as
// its memory nears what is held for it.
//
// An attempt that stays where it is, however near, is not looked at more often: a reservation that fits is
// used nearly wholly for hours, and a sudden rise from there the kernel tells at its notice mark (`shape`).
//
// All samples fall on the 100 ms marks of the clock (on the 50 ms marks those of an attempt that is about
// to get there), so that any number of attempts wakes the loop at most ten (twenty) times a second. Old
// attempts keep the mark, of the ten within a second, at which they were started: what was started at
// different times is read at different times.
#pragma once

#include "plimsoll/base/time.h"
#include "plimsoll/base/units.h"

namespace plimsoll::telemetry {

constexpr Duration fast_period = std::chrono::milliseconds(100);
constexpr Duration slow_period = std::chrono::seconds(1);
constexpr Duration closing_period = std::chrono::milliseconds(50);
/// For so long from its start an attempt is sampled at fast_period.
constexpr Duration fast_phase = std::chrono::seconds(5);

/// How soon an attempt's memory comes to what is held for it, as it rises now.
enum class Nearness {
    far,
    near,     ///< it uses most of it, and would get there within a minute: fast_period
    closing,  ///< it would get there within two slow periods, or is there: closing_period
};

/// An attempt's memory beside what is held for it.
struct MemoryStand {
    Bytes used{};           ///< as last sampled
    double rise_per_s = 0;  ///< bytes/s over the last samples; 0 or less: it does not rise
    Bytes held{};           ///< 0: nothing to come near to
};
Nearness nearness_of(const MemoryStand& stand);

/// The instant of the next sample of an attempt that began at `start` and was last sampled at `last`
/// (its start, when it has not been): at least half a period and at most one and a half after `last`.
Instant next_sample(Instant start, Instant last, Nearness nearness = Nearness::far);

}  // namespace plimsoll::telemetry
