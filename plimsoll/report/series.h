// SPDX-License-Identifier: Apache-2.0
// Amounts over the time of a run, summed over many attempts: as many points as a screen can show, each the mean over
// its stretch of time, so that the area under a curve stays what it is.
#pragma once

#include <span>
#include <vector>

#include "plimsoll/report/attempt_times.h"

namespace plimsoll::report {

struct Series {
    Duration step{};  ///< the time of one point
    std::vector<double> memory, cpu;
};

/// `points` of them over the run.
Series empty_series(Duration run, std::size_t points);
void add(Series& series, const Stretch& stretch);
void add(Series& series, std::span<const Stretch> stretches);

}  // namespace plimsoll::report
