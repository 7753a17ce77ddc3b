// SPDX-License-Identifier: Apache-2.0
// The first attempt that is expected to cost least, given a distribution of the peak as weighted points.
#pragma once

#include <cstddef>
#include <span>

namespace plimsoll::forecast {

/// One peak that may come.
struct LikelyPeak {
    double peak = 0;     ///< bytes
    double weight = 0;   ///< probability x seconds: what a byte held too much or in vain costs
    double penalty = 0;  ///< what failing costs beside (byte seconds), times the probability
};

constexpr std::size_t likely_peaks_most = 520;  ///< of all predictors together

struct CheapestAttempt {
    double bound = 0;  ///< bytes
    double cost = 0;   ///< expected, in bytes held and not used at any time: byte seconds / seconds
};
/// Of the peaks, each a hair more, the one that is cheapest to hold at first: what is left over if it suffices, and
/// what fails if not, with the retries that follow (`next_attempt`). One peak at least and `likely_peaks_most` at most,
/// ascending, with weights above 0. What the lighter half of the peaks needs is not tried: where most attempts fail,
/// nothing is saved. `time_to_failure`: the share of the runtime after which a too small attempt fails.
CheapestAttempt cheapest_attempt(std::span<const LikelyPeak> ascending, double largest_seen, double time_to_failure);

}  // namespace plimsoll::forecast
