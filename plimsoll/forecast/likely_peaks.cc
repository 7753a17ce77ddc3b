// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/forecast/likely_peaks.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>

#include "plimsoll/base/check.h"
#include "plimsoll/forecast/replayed_cost.h"

namespace plimsoll::forecast {
namespace {

// A peak that comes again is a page or two larger. Of a kind that holds gigabytes for days, each thousandth counts.
constexpr double hair = 1.001;

/// Sums over all peaks up to one.
struct Upto {
    double peak, weight, held, penalty;
};

/// In how many of them the peak is at most so much: a walk from the answer for a limit that was not far off.
std::size_t count_within(std::span<const Upto> sums, double bytes, std::size_t near) {
    while (near > 0 && sums[near - 1].peak > bytes) --near;
    while (near < sums.size() && sums[near].peak <= bytes) ++near;
    return near;
}

}  // namespace

CheapestAttempt cheapest_attempt(std::span<const LikelyPeak> ascending, double largest_seen, double time_to_failure) {
    PLIM_CHECK(!ascending.empty() && ascending.size() <= likely_peaks_most, "there is always a likely peak, and few");
    std::array<Upto, likely_peaks_most> room;
    const std::span<Upto> sums = std::span(room).first(ascending.size());
    double weight = 0, weighed_peaks = 0, penalty = 0;
    for (std::size_t at = 0; at < sums.size(); ++at) {
        const LikelyPeak& one = ascending[at];
        weight += one.weight;
        weighed_peaks += one.weight * one.peak;
        penalty += one.penalty;
        sums[at] = {.peak = one.peak, .weight = weight, .held = weighed_peaks, .penalty = penalty};
    }
    const Upto all = sums.back();
    // From the largest down: that one cannot fail, and below the best one little is followed to its end.
    CheapestAttempt cheapest{.bound = hair * sums.back().peak, .cost = std::numeric_limits<double>::infinity()};
    // By failures before: in how many peaks the limit of the last candidate was enough.
    std::array<std::size_t, 8> enough_of_last;
    enough_of_last.fill(sums.size());
    for (std::size_t at = sums.size(); at-- > 0 && 2 * sums[at].weight >= all.weight;) {
        double held = hair * sums[at].peak;
        std::size_t enough = enough_of_last[0] = count_within(sums, held, enough_of_last[0]);
        Upto within = sums[enough - 1];
        double cost = held * within.weight - within.held + all.penalty - within.penalty;
        // Costs only grow with the attempts: what is dearer already need not be followed to its end.
        for (std::size_t failed = 1; enough < sums.size() && cost <= cheapest.cost; ++failed) {
            cost += held * time_to_failure * (all.weight - within.weight);
            if (cost > cheapest.cost) break;
            held = next_attempt(held, largest_seen, static_cast<int>(failed));
            std::size_t& last = enough_of_last[std::min(failed, enough_of_last.size() - 1)];
            enough = last = count_within(sums, held, last);
            const Upto& next = sums[enough - 1];
            cost += held * (next.weight - within.weight) - (next.held - within.held);
            within = next;
        }
        if (cost <= cheapest.cost) cheapest = {.bound = hair * sums[at].peak, .cost = cost};
    }
    cheapest.cost /= all.weight;
    return cheapest;
}

}  // namespace plimsoll::forecast
