// SPDX-License-Identifier: Apache-2.0
// What a run would have cost under a plan over its own time, in seconds x shares of its peak.
#pragma once

#include <optional>

#include "plimsoll/forecast/laid_runs.h"
#include "plimsoll/model/growth_rule.h"

namespace plimsoll::forecast {

/// What it costs when a task needs more than its curve.
struct Overrun {
    double failure_weight = 1;         ///< as in Terms
    std::optional<double> growth_s{};  ///< it is grown in place, and stands still so long; nothing: it is killed
    bool operator==(const Overrun&) const = default;
};

/// An attempt after one that was killed above its plan holds more from so much of that time earlier on: what has come
/// sooner than planned comes about then again.
constexpr double raised_sooner = 0.05;

struct KilledCost {
    double wasted = 0;
    bool is_killed = false;
};
/// Held and not used if it is killed above the plan and then holds its peak from a little sooner on, the failed attempt
/// wholly; and what a failed task counts beside.
KilledCost cost_if_killed(const LaidRun& run, const Cells& plan, const Overrun& overrun);

/// Held and not used if it is grown where it needs more than the plan, and stands still meanwhile; and what each growth
/// counts beside.
double cost_if_grown(const LaidRun& run, const Cells& plan, const GrowthRule& rule, const Overrun& overrun);

}  // namespace plimsoll::forecast
