// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/simulate/simulated_life.h"

#include <algorithm>

namespace plimsoll::simulate {
namespace {

Duration times(Duration span, double factor) { return factor == 1 ? span : from_seconds(seconds(span) * factor); }

/// How far through its runtime it is: 0 ... 1.
double lived(const Life& life, Instant now) {
    return seconds(own_time(life, now)) / std::max(1e-9, seconds(life.truth.runtime));
}

/// The segment of a curve at that share of the runtime.
std::vector<Segment>::const_iterator segment_at(const Curve& curve, double share) {
    const Duration at = from_seconds(seconds(curve.segments.back().until) * std::min(share, 1.0));
    const auto found = std::ranges::upper_bound(curve.segments, at, {}, &Segment::until);
    return found == curve.segments.end() ? std::prev(found) : found;
}

/// The share of the runtime, not before `from`, at which its memory comes to be beyond that; above 1: never.
double share_beyond(const Behaviour& truth, Bytes memory, double from) {
    constexpr double never = 2;
    if (!truth.curve)
        return from >= truth.falls_at ? never : std::max(from, truth.peak_at * (memory / truth.memory_peak));
    const Curve& curve = *truth.curve;
    const double all = std::max(1e-9, seconds(curve.segments.back().until));
    for (auto at = segment_at(curve, from); at != curve.segments.end(); ++at) {
        if (truth.memory_peak * (at->memory / curve.peak) <= memory) continue;
        return at == curve.segments.begin() ? from : std::max(from, seconds(std::prev(at)->until) / all);
    }
    return never;
}

}  // namespace

Duration own_time(const Life& life, Instant now) {
    return life.is_frozen ? life.ran : life.ran + times(now - life.runs_since, life.speed);
}

Duration busy_time(const Life& life, Instant now) {
    return life.is_frozen ? life.busy : life.busy + (now - life.runs_since);
}

void settle_time(Life& life, Instant now) {
    const Duration ran = own_time(life, now), busy = busy_time(life, now);
    life.ran = ran;
    life.busy = busy;
    life.runs_since = now;
}

/// Rises in a straight line, stays, and may fall once; or as it was recorded.
Bytes memory_at(const Life& life, Instant now) {
    const Behaviour& truth = life.truth;
    const double share = lived(life, now);
    if (truth.curve) return truth.memory_peak * (segment_at(*truth.curve, share)->memory / truth.curve->peak);
    if (share >= truth.falls_at) return truth.memory_peak * truth.memory_left;
    return truth.memory_peak * std::min(1.0, share / std::max(1e-9, truth.peak_at));
}

Instant when_beyond(const Life& life, Bytes memory, Instant now) {
    if (life.is_frozen || memory <= Bytes{} || life.truth.memory_peak <= memory) return Instant::max();
    const double share = share_beyond(life.truth, memory, lived(life, now));
    if (share > 1) return Instant::max();
    const Duration left = from_seconds(seconds(life.truth.runtime) * share) - own_time(life, now);
    // A little later, when it is beyond it for certain.
    constexpr Duration beyond = std::chrono::microseconds(1);
    return end_of(now, std::max(Duration::zero(), times(left, 1 / life.speed)) + beyond);
}

void foresee(Life& life, Instant now) {
    const Duration left = std::max(Duration::zero(), life.truth.runtime - own_time(life, now));
    life.ends = life.is_frozen ? Instant::max() : end_of(now, times(left, 1 / life.speed));
    life.outcome = life.truth.exit_code != 0 ? Outcome{Ending::exit, life.truth.exit_code, {}} : Outcome{};
    if (const Instant full = when_beyond(life, life.limits.memory, now); full < life.ends) {
        life.ends = full;
        life.outcome = {Ending::out_of_memory, 0, {}};
    }
    const bool is_below = memory_at(life, now) < life.limits.memory_notice;
    life.notices = is_below ? when_beyond(life, life.limits.memory_notice, now) : Instant::max();
}

Bytes high_water(const Life& life, Instant now) {
    const Behaviour& truth = life.truth;
    if (life.outcome.ending == Ending::out_of_memory) return life.limits.memory;
    const double share = lived(life, now);
    if (!truth.curve) return truth.memory_peak * std::min(1.0, share / std::max(1e-9, truth.peak_at));
    Bytes most{};
    const auto last = segment_at(*truth.curve, share);
    for (auto at = truth.curve->segments.begin();; ++at) {
        most = std::max(most, at->memory);
        if (at == last) break;
    }
    return truth.memory_peak * (most / truth.curve->peak);
}

}  // namespace plimsoll::simulate
