// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/telemetry/sampling.h"

#include <chrono>

namespace plimsoll::telemetry {
namespace {

constexpr double most = 0.8;  // of what is held
constexpr double near_s = 60;

/// The first instant not before `earliest` that is `offset` past a multiple of the period.
Instant next_mark(Instant earliest, Duration period, Duration offset) {
    const Duration since = earliest.time_since_epoch() - offset;
    Duration mark = since / period * period;
    if (mark < since) mark += period;
    return Instant(mark + offset);
}

Instant next_mark_after(Instant last, Duration period) {
    return next_mark(last + period / 2, period, Duration::zero());
}

}  // namespace

Nearness nearness_of(const MemoryStand& stand) {
    if (stand.held <= Bytes{} || stand.rise_per_s <= 0) return Nearness::far;
    const double left_s = static_cast<double>((stand.held - stand.used).count) / stand.rise_per_s;
    if (left_s <= 2 * seconds(slow_period)) return Nearness::closing;
    return stand.used / stand.held >= most && left_s <= near_s ? Nearness::near : Nearness::far;
}

Instant next_sample(Instant start, Instant last, Nearness nearness) {
    if (nearness == Nearness::closing) return next_mark_after(last, closing_period);
    const Instant fast = next_mark_after(last, fast_period);
    if (nearness == Nearness::near || fast < start + fast_phase) return fast;
    const Duration mark = next_mark(start, fast_period, Duration::zero()).time_since_epoch() % slow_period;
    return next_mark(last + slow_period / 2, slow_period, mark);
}

}  // namespace plimsoll::telemetry
