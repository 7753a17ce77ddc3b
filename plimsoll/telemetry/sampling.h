// SPDX-License-Identifier: Apache-2.0
// When a running attempt is looked at next: ten times a second while it is young, because short tasks and
// the first allocations happen there, then once a second.
//
// All samples fall on the 100 ms marks of the clock, so that any number of attempts wakes the loop at
// most ten times a second. Old attempts keep the mark, of the ten within a second, at which they were
// started: what was started at different times is read at different times.
#pragma once

#include "plimsoll/base/time.h"

namespace plimsoll::telemetry {

constexpr Duration fast_period = std::chrono::milliseconds(100);
constexpr Duration slow_period = std::chrono::seconds(1);
/// For so long from its start an attempt is sampled at fast_period.
constexpr Duration fast_phase = std::chrono::seconds(5);

/// The instant of the next sample of an attempt that began at `start` and was last sampled at `last`
/// (its start, when it has not been): at least half a period and at most one and a half after `last`.
Instant next_sample(Instant start, Instant last);

}  // namespace plimsoll::telemetry
