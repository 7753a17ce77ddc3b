// SPDX-License-Identifier: Apache-2.0
// CurveChoice: which curve would have cost the runs of a kind least?
//
// A curve over a task's own time is uncertain twice: when its phases begin and end, and what they need. Either is held
// with a margin, and either margin costs: where it is large, memory is held in vain; where it is small, a run is above
// the curve, which costs a failed attempt or a growth (`curve_replay.h`). Both are replayed for each run, on the curve
// made of the others, and the margins are those that would have cost least together.
//
// A few runs tell little about the tail, and the cheapest of many candidates is partly so by luck: the share of runs
// that may be above, which matters most, is judged together with the candidates beside it.
#pragma once

#include <span>

#include "plimsoll/forecast/curve_replay.h"
#include "plimsoll/forecast/input_windows.h"

namespace plimsoll::forecast {

/// How a curve is made of past runs.
struct CurveMargins {
    double widened = 0.05;  ///< of the runtime, on either side of a phase
    double above = 0.1;     ///< share of the runs that may be above it at any time
    double room = 0.02;     ///< on top of what they used, as a share of it
    bool by_amount = true;  ///< is a phase also held to what it came to in bytes, whatever the peak?
    bool operator==(const CurveMargins&) const = default;
};

struct CurveChoice {
    bool is_relative = true;  ///< on the axis of shares of the expected runtime, or of seconds since the start
    std::size_t parts = 1;    ///< into which the runs are cut by their inputs
    CurveMargins margins;
    GrowthRule growth;
    bool operator==(const CurveChoice&) const = default;
};

/// `relative` and `absolute` are the same runs on either axis, two at least, in the order of their inputs.
CurveChoice cheapest_curve(std::span<const LaidRun> relative, std::span<const LaidRun> absolute,
                           const Overrun& overrun);

/// What the curve holds for a task with such a peak (bytes), as shares of it: the peak in one cell at least.
Cells held_by_curve(const Levels& levels, const CurveMargins& margins, double peak);

}  // namespace plimsoll::forecast
