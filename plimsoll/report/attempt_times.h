// SPDX-License-Identifier: Apache-2.0
// When an attempt ran, waited and was frozen, what was held for it and what it used, over the time of its run.
//
// What was held changes with the decisions that grew or shrank it or followed its forecast. Their amounts are
// recorded as they were told, with three digits; the stretches are scaled so that their area is exactly the
// integral that was accounted while it ran, which is what every total rests on.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "plimsoll/model/decision.h"
#include "plimsoll/model/run.h"

namespace plimsoll::report {

/// Times count from the start of the run.
struct Span {
    Duration from{}, until{};
    bool operator==(const Span&) const = default;
};

/// An amount over a span.
struct Stretch {
    Span span;
    double memory = 0;  ///< bytes
    double cpu = 0;     ///< cores
};

struct Freeze {
    Span span;
    std::string reason;
};

/// A change of what was held.
struct Change {
    Duration at{};
    std::string action;  ///< "grow", "shrink", "follow", "preempt", "limit"
    std::string old_value, new_value, reason;
};

struct AttemptTimes {
    std::optional<Duration> ready;  ///< when all it needed was there; nothing where that was not recorded
    Span run;                       ///< up to the end of the report where it has not ended
    std::vector<Freeze> freezes;
    std::vector<Change> changes;
    std::vector<Stretch> reserved;
    std::vector<Stretch> used;  ///< memory: the largest seen within each
};

/// `decisions`: those about this attempt, in the order of recording. `end`: of the report.
AttemptTimes times_of(const AttemptRecord& attempt, std::span<const Decision* const> decisions, WallTime run_start,
                      Duration end);

}  // namespace plimsoll::report
