// SPDX-License-Identifier: Apache-2.0
// The inner loops go over all cells at once, so that a compiler can do several together.
#include "plimsoll/forecast/laid_runs.h"

#include <algorithm>
#include <cmath>

namespace plimsoll::forecast {
namespace {

constexpr double widened_least_s = 0.5;  ///< a few samples at 10 Hz, and the time a limit takes to follow

std::size_t cell_of(double position) {
    return static_cast<std::size_t>(std::clamp(position, 0.0, static_cast<double>(curve_cells - 1)));
}

/// In each cell the largest of those at most so far away.
Cells widened_by(const Cells& line, std::size_t by) {
    std::array<float, 3 * curve_cells> padded{};
    std::copy(line.begin(), line.end(), padded.begin() + curve_cells);
    Cells wide = line;
    for (std::size_t shift = 1; shift <= by; ++shift) {
        const float *before = padded.data() + curve_cells - shift, *after = padded.data() + curve_cells + shift;
        for (std::size_t at = 0; at < curve_cells; ++at) wide[at] = std::max(wide[at], std::max(before[at], after[at]));
    }
    return wide;
}

void insert(std::vector<Cells>& descending, Cells line) {
    for (Cells& rank : descending) {
        for (std::size_t at = 0; at < curve_cells; ++at) {
            const float more = std::max(rank[at], line[at]), less = std::min(rank[at], line[at]);
            rank[at] = more;
            line[at] = less;
        }
    }
    descending.push_back(line);
}

/// Those below stay, those at or above become the next.
Cells without(const Cells& own, const Cells& upper, const Cells& lower) {
    Cells others;
    for (std::size_t at = 0; at < curve_cells; ++at) others[at] = own[at] < upper[at] ? upper[at] : lower[at];
    return others;
}

}  // namespace

LaidRun lay(const CurveRun& run, double axis_s) {
    LaidRun laid{.peak = run.peak, .runtime_s = run.runtime_s, .cell_s = axis_s / curve_cells};
    const double cells = run.runtime_s / laid.cell_s;
    double from = 0;
    for (std::size_t part = 0; part < curve_cells; ++part) {
        const double until = cells * static_cast<double>(part + 1) / curve_cells;
        const std::size_t last = cell_of(std::ceil(until) - 1);
        for (std::size_t at = cell_of(from); at <= last; ++at) {
            laid.memory[at] = std::max(laid.memory[at], run.memory[part]);
            laid.cores[at] = std::max(laid.cores[at], run.cores[part]);
        }
        from = until;
    }
    laid.end = cell_of(std::ceil(cells) - 1) + 1;
    return laid;
}

LaidRuns::LaidRuns(std::span<const LaidRun> runs, double widened) {
    for (const LaidRun& run : runs) {
        const double by_s = std::max(widened * run.runtime_s, widened_least_s);
        Levels own{.shares = widened_by(run.memory, cell_of(std::ceil(by_s / run.cell_s))), .bytes = {}};
        std::fill(own.shares.begin() + static_cast<std::ptrdiff_t>(run.end), own.shares.end(), 0.0F);
        for (std::size_t at = 0; at < curve_cells; ++at) own.bytes[at] = own.shares[at] * static_cast<float>(run.peak);
        for (std::size_t at = 0; at < run.end; ++at) ++going_[at];
        insert(shares_, own.shares);
        insert(bytes_, own.bytes);
        own_.push_back(own);
    }
}

/// The largest but a share of those going there, less those left out, and so many ranks further down.
Cells LaidRuns::at_rank(const std::vector<Cells>& ranks, double above, std::size_t left_out,
                        std::size_t further) const {
    Cells cells{};
    for (std::size_t at = 0; at < curve_cells; ++at) {
        if (going_[at] <= left_out) continue;
        const auto rank = static_cast<std::size_t>(above * static_cast<double>(going_[at] - left_out)) + further;
        if (rank < ranks.size()) cells[at] = ranks[rank][at];
    }
    return cells;
}

/// Where too few are left going to say much.
void LaidRuns::hold(Levels& levels, std::size_t left_out) const {
    for (std::size_t at = curve_cells; at-- > 1 && going_[at] < least_going + left_out;) {
        if (at > 1 && going_[at - 1] < least_going + left_out) continue;
        for (std::size_t later = at; later < curve_cells; ++later) {
            levels.shares[later] = std::max(levels.shares[later], levels.shares[later - 1]);
            levels.bytes[later] = std::max(levels.bytes[later], levels.bytes[later - 1]);
        }
    }
}

Levels LaidRuns::below(double above) const {
    Levels levels{.shares = at_rank(shares_, above, 0, 0), .bytes = at_rank(bytes_, above, 0, 0)};
    hold(levels, 0);
    return levels;
}

LaidRuns::Pair LaidRuns::around(double above) const {
    return {.upper = {.shares = at_rank(shares_, above, 1, 0), .bytes = at_rank(bytes_, above, 1, 0)},
            .lower = {.shares = at_rank(shares_, above, 1, 1), .bytes = at_rank(bytes_, above, 1, 1)}};
}

Levels LaidRuns::below_without(std::size_t run, const Pair& pair) const {
    Levels levels{.shares = without(own_[run].shares, pair.upper.shares, pair.lower.shares),
                  .bytes = without(own_[run].bytes, pair.upper.bytes, pair.lower.bytes)};
    hold(levels, 1);
    return levels;
}

}  // namespace plimsoll::forecast
