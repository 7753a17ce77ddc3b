// SPDX-License-Identifier: Apache-2.0
// Why a run took as long as it did: from the attempt that ended last back to the start, each time to the attempt
// whose end made the next one ready. Every moment of the run lies in one leg, running or waiting, but for what lies
// between tasks; shortening anything else would not have ended the run earlier at once.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "plimsoll/report/attempt_times.h"

namespace plimsoll::report {

/// One attempt of the path: it waited from `ready` on, then ran.
struct Leg {
    std::size_t attempt = 0;  ///< its place among the attempts
    Duration ready{};         ///< equal to the start where the wait was not recorded
    Span run;
    bool operator==(const Leg&) const = default;
};

/// In the order of time; empty when nothing has run. `times` belong to the attempts, in the same order.
std::vector<Leg> slowest_path(std::span<const AttemptRecord> attempts, std::span<const AttemptTimes> times);

}  // namespace plimsoll::report
