// SPDX-License-Identifier: Apache-2.0
// Choosing anew how a kind's curve is made, as a value that can be worked out elsewhere: milliseconds of replays, which
// are no business of a loop's thread.
//
// What was chosen before is only replaced by what would have cost less on runs that neither has seen: the newest
// quarter is held back, the new choice is made from the others, and both are tried on it. The levels themselves always
// follow the newest runs.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "plimsoll/forecast/curve_choice.h"

namespace plimsoll::forecast {

/// All that a choice is made from.
struct CurveMaterial {
    std::vector<KeptRun> runs;       ///< oldest first; three at least
    std::vector<double> expected_s;  ///< how long each was to be expected to run
    std::size_t learnt = 0;          ///< runs that ever came
    Overrun overrun;
    std::optional<CurveChoice> before = {};  ///< for this overrun
};

/// The choice, and what it makes of the runs.
struct ChosenCurve {
    Overrun overrun;
    CurveChoice choice;
    std::size_t learnt = 0;      ///< runs, by then
    double axis_s = 0;           ///< the length of the axis of seconds
    std::vector<double> inputs;  ///< ascending
    std::vector<Levels> levels;  ///< by window of them
    Cells cores{};
    template <class Archive>
    void members(Archive& archive) {
        archive(overrun, choice, learnt, axis_s, inputs, levels, cores);
    }
    bool operator==(const ChosenCurve&) const = default;
};

ChosenCurve choose_curve(const CurveMaterial& material);

}  // namespace plimsoll::forecast
