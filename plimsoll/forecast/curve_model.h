// SPDX-License-Identifier: Apache-2.0
// CurveModel: how memory and cores of one kind go over a task's own time, on one machine.
//
// The last runs are laid over each other twice: in shares of the runtime that was to be expected of each, and
// in seconds since the start. Which of the two fits is seen by what it would hold: phases that move with the
// input smear on the one axis, phases of a fixed length on the other, and the less smeared overlay is less.
//
// In each cell of an axis those runs count that were still going, and of their memory (as a share of the run's
// own peak) the largest but a share, one in ten unless the terms say otherwise: of n runs of a kind and one more that
// is like them, that one is above it with probability (1 + n / 10) / (n + 1) at most. Before that every run's phases
// are widened on both sides, so that what was released is not asked for again at a boundary that comes a little sooner
// or later. Runs that disagree, or whose peaks come at any time, give an overlay as high as the peak throughout: no
// curve.
#pragma once

#include <array>
#include <cstddef>
#include <deque>
#include <optional>
#include <vector>

#include "plimsoll/forecast/quantity_model.h"
#include "plimsoll/model/profile.h"

namespace plimsoll::forecast {

constexpr double usual_above = 0.1;  ///< one run in ten may be above the curve

/// A stretch of a task's own time, from the end of the one before.
struct CurvePart {
    double until_s = 0;
    double memory = 0;  ///< share of the largest; 1 in one part at least
    double cores = 0;   ///< share of the mean over the whole run; may be above 1
};

class CurveModel {
public:
    static constexpr std::size_t least_runs = 3;  ///< fewer agree by chance
    static constexpr std::size_t most_parts = 4;

    /// A finished run. One whose use over time is not known is left out.
    void learn(double x, const Profile& profile);
    /// The parts of a task that is expected to run so long, the last one ending there; empty: nothing is known of
    /// its shape. `runtime` is the model of the runs' own machine, as it stands.
    /// `above`: the share of the runs that may be above the curve at any time.
    std::vector<CurvePart> parts(const QuantityModel& runtime, double expected_s, double above = usual_above) const;

private:
    static constexpr std::size_t cells = 64;
    using Cells = std::array<float, cells>;
    /// Memory and cores of one run in equal parts of its runtime.
    struct Run {
        double x = 0, runtime_s = 0;
        Cells memory{}, cores{};
    };
    /// All runs on one axis.
    struct Overlay {
        Cells memory{}, cores{};
    };
    struct Overlays {
        double above = usual_above;
        Overlay relative, absolute;
        double longest_s = 0;  ///< where the absolute axis ends
    };
    class Gathering;
    Overlays gathered(const QuantityModel& runtime, double above) const;

    std::deque<Run> runs_;                      ///< oldest first
    mutable std::optional<Overlays> gathered_;  ///< of these runs; made when first asked for
};

}  // namespace plimsoll::forecast
