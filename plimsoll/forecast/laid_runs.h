// SPDX-License-Identifier: Apache-2.0
// LaidRuns: the runs of a kind laid over each other on an axis of time, so that it can be told what all but a few of
// them stayed below at any point of it.
//
// Each run's memory is laid twice, in shares of its own peak and in bytes: a phase that loads an index needs the same
// whatever the peak, one that holds the input does not. What a curve would have cost a run is only told by a curve that
// was made without it: `below_without`.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "plimsoll/forecast/curve_run.h"

namespace plimsoll::forecast {

/// One run on the axis. The last cell of the axis stands for all that comes later.
struct LaidRun {
    double peak = 0;  ///< bytes
    double runtime_s = 0;
    double cell_s = 0;    ///< of this run's time in a cell
    std::size_t end = 0;  ///< cells it was going in, at least 1
    Cells memory{};       ///< shares of the peak
    Cells cores{};        ///< shares of the mean
    double seconds_in(std::size_t cell) const {
        return cell + 1 < end ? cell_s : runtime_s - cell_s * static_cast<double>(end - 1);
    }
};

/// `axis_s`: so much of the run's time the cells of the axis make up.
LaidRun lay(const CurveRun& run, double axis_s);

/// In each cell, what a run may need there.
struct Levels {
    Cells shares{};  ///< of its peak
    Cells bytes{};
    bool operator==(const Levels&) const = default;
};

class LaidRuns {
public:
    static constexpr std::size_t least_going = 3;  ///< fewer agree by chance: what was held before is not given back

    /// `widened`: the share of its runtime by which each run's phases are taken to begin earlier and to end later.
    LaidRuns(std::span<const LaidRun> runs, double widened);

    /// What all but a share `above` of the runs that are going in a cell stayed below there.
    Levels below(double above) const;

    /// Where a run that is left out is below `upper`, that is what the others give; else it is `lower`.
    struct Pair {
        Levels upper, lower;
    };
    Pair around(double above) const;
    /// `below` of all runs but one, while that one is going; `pair` is `around` the same share.
    Levels below_without(std::size_t run, const Pair& pair) const;

private:
    Cells at_rank(const std::vector<Cells>& ranks, double above, std::size_t left_out, std::size_t further) const;
    void hold(Levels& levels, std::size_t left_out) const;

    std::vector<Levels> own_;                       ///< by run, widened
    std::vector<Cells> shares_, bytes_;             ///< in each cell those of all runs, descending
    std::array<std::size_t, curve_cells> going_{};  ///< never more than in the cell before
};

}  // namespace plimsoll::forecast
