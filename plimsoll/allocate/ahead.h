// SPDX-License-Identifier: Apache-2.0
// Room ahead of need: for a task that waits for nothing but tasks which run, room is kept from when these are predicted
// to end, so that it need not wait then for what others have begun shortly before.
//
// Early where the prediction may be relied on: from the typical end on. Late where not: from the bound of the end on,
// which costs nobody anything but for what would run across it. Given up once the bound has passed: the prediction was
// wrong. What stands idle for it is bounded by its own work: room is kept no longer ahead than the task itself takes,
// and waits for those that are late no longer than a part of that.
#pragma once

#include <optional>
#include <span>

#include "plimsoll/base/time.h"
#include "plimsoll/model/plan.h"

namespace plimsoll::allocate {

/// Of a task that runs.
struct PredictedEnd {
    Instant typical{}, bound{};
    std::optional<double> confidence;  ///< the share of such bounds that held, or the probability promised; in 0..1
};

struct AheadRule {
    double confidence = 0.8;                           ///< of all ends together, for room from the typical end on
    double late_share = 0.5;                           ///< of the task's runtime, that room may wait for late ones
    Duration lead_at_most = std::chrono::minutes(10);  ///< 0: no room is kept ahead
};

struct Ahead {
    Instant from{};         ///< room is wanted from then on, not before now
    bool is_early = false;  ///< from the typical end, not from the bound
    double confidence = 0;  ///< that all have ended by the bound
    bool operator==(const Ahead&) const = default;
};

/// From when on room is worth keeping for a task that takes `runtime` and waits for tasks with these ends. Nothing
/// where it is too soon to keep any, where one of the ends is not known with a confidence, and where the bound has
/// passed.
std::optional<Ahead> room_ahead(std::span<const PredictedEnd> ends, Duration runtime, Instant now,
                                const AheadRule& rule = {});

/// Room that is kept ahead, or was.
struct KeptAhead {
    TaskId task = 0;
    Reservation reservation;
    Instant since{};
    bool is_given_up = false;  ///< for good: the prediction was wrong
};

}  // namespace plimsoll::allocate
