// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/telemetry/sampling.h"

#include <chrono>

namespace plimsoll::telemetry {
namespace {

/// The first instant not before `earliest` that is `offset` past a multiple of the period.
Instant next_mark(Instant earliest, Duration period, Duration offset) {
    const Duration since = earliest.time_since_epoch() - offset;
    Duration mark = since / period * period;
    if (mark < since) mark += period;
    return Instant(mark + offset);
}

}  // namespace

Instant next_sample(Instant start, Instant last) {
    const Instant fast = next_mark(last + fast_period / 2, fast_period, Duration::zero());
    if (fast < start + fast_phase) return fast;
    const Duration mark = next_mark(start, fast_period, Duration::zero()).time_since_epoch() % slow_period;
    return next_mark(last + slow_period / 2, slow_period, mark);
}

}  // namespace plimsoll::telemetry
