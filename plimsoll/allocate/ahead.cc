// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/allocate/ahead.h"

#include <algorithm>

namespace plimsoll::allocate {

std::optional<Ahead> room_ahead(std::span<const PredictedEnd> ends, Duration runtime, Instant now,
                                const AheadRule& rule) {
    if (ends.empty() || runtime <= Duration{}) return std::nullopt;
    Instant last{}, bound = now;
    for (const PredictedEnd& end : ends) {
        if (!end.confidence) return std::nullopt;
        last = std::max(last, end.typical);
        bound = std::max(bound, end.bound);
    }
    if (bound <= now) return std::nullopt;
    // Those that are done by the typical end of the last, even when they are late, put nothing in doubt.
    double confidence = 1;
    for (const PredictedEnd& end : ends)
        if (end.bound >= last) confidence *= *end.confidence;
    const Duration late{static_cast<Duration::rep>(static_cast<double>(runtime.count()) * rule.late_share)};
    const bool is_early = confidence >= rule.confidence && bound - last <= late;
    const Instant from = is_early ? std::max(now, last) : bound;
    if (from >= end_of(now, std::min(rule.lead_at_most, runtime))) return std::nullopt;
    return Ahead{.from = from, .is_early = is_early, .confidence = confidence};
}

}  // namespace plimsoll::allocate
