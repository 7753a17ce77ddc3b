// SPDX-License-Identifier: Apache-2.0
// From shares to amounts: the parts of a kind's curve as the segments of one forecast.
#pragma once

#include <vector>

#include "plimsoll/forecast/bounds.h"
#include "plimsoll/forecast/curve_model.h"

namespace plimsoll::forecast {

/// Memory: the part's share of `learnt` (bytes, before the request or the machine cut it) and the headroom on
/// top, never above the forecast's bound, which is reached; whole MiB, at least least_memory. Cores: the part's
/// share of the bound, never above it. Empty where it would save less than a twenty-fifth of the bound over time.
std::vector<Segment> shaped_curve(const std::vector<CurvePart>& parts, double learnt, const Forecast& forecast,
                                  const Terms& terms);

/// The curve of the attempt after one that ran out of memory after so long: as it was until a little before (what has
/// come sooner than planned comes about then again), from there on at least `memory`.
std::vector<Segment> raised_curve(const std::vector<Segment>& curve, Duration failed_after, Bytes memory);

}  // namespace plimsoll::forecast
