// SPDX-License-Identifier: Apache-2.0
// A few of a step's attempts over their own time: what its demand curve rests on, in as many points as can be seen.
#pragma once

#include <span>
#include <vector>

#include "plimsoll/report/run_report.h"

namespace plimsoll::report {

/// Of the attempts at `places` that finished and whose use over time is known at most so many: evenly from the
/// smallest peak to the largest, which is always among them.
std::vector<Sample> samples_of(std::span<const AttemptRecord> attempts, std::span<const std::size_t> places,
                               std::size_t most);

/// At most so many stretches of equal time: the largest memory and the mean cores within each.
std::vector<Segment> in_few(std::span<const Segment> segments, std::size_t most);

}  // namespace plimsoll::report
