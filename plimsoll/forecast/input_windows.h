// SPDX-License-Identifier: Apache-2.0
// Runs in the order of their inputs, cut into overlapping windows, so that a task can be compared with runs on inputs
// like its own.
//
// In one part there is one window, that of all runs; in k parts there are 2 k - 1, each of a k-th of the runs, each
// half over the one before, and a task belongs to the one in whose middle it is.
#pragma once

#include <cstddef>
#include <span>

namespace plimsoll::forecast {

struct InputWindows {
    std::size_t runs = 0;
    std::size_t parts = 1;

    std::size_t count() const { return 2 * parts - 1; }
    std::size_t begin(std::size_t window) const { return window * runs / (2 * parts); }
    std::size_t end(std::size_t window) const { return (window + 2) * runs / (2 * parts); }
    /// Of a task between the runs, from 0 (before the first) to 1 (after the last).
    std::size_t window_at(double position) const;
};

/// Where an input stands among ascending ones, from 0 to 1; amid those that are like it.
double position_among(std::span<const double> inputs, double input);

}  // namespace plimsoll::forecast
