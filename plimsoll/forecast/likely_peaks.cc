// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/forecast/likely_peaks.h"

#include <algorithm>
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
    double peak = 0, weight = 0, held = 0, penalty = 0;
};

/// In how many of them the peak is at most so much, of which it is at least in the first `known`.
std::size_t count_within(const std::vector<Upto>& sums, double bytes, std::size_t known) {
    const auto above = std::upper_bound(sums.begin() + static_cast<std::ptrdiff_t>(known), sums.end(), bytes,
                                        [](double value, const Upto& upto) { return value < upto.peak; });
    return static_cast<std::size_t>(above - sums.begin());
}

}  // namespace

CheapestAttempt cheapest_attempt(const std::vector<LikelyPeak>& ascending, double largest_seen,
                                 double time_to_failure) {
    PLIM_CHECK(!ascending.empty(), "there is always a likely peak");
    std::vector<Upto> sums(ascending.size());
    Upto all;
    for (std::size_t at = 0; at < sums.size(); ++at) {
        const LikelyPeak& one = ascending[at];
        all = {.peak = one.peak,
               .weight = all.weight + one.weight,
               .held = all.held + one.weight * one.peak,
               .penalty = all.penalty + one.penalty};
        sums[at] = all;
    }
    // From the largest down: that one cannot fail, and below the best one little is followed to its end.
    CheapestAttempt cheapest{.bound = hair * sums.back().peak, .cost = std::numeric_limits<double>::infinity()};
    std::size_t enough_of_last = sums.size();
    for (std::size_t at = sums.size(); at-- > 0 && 2 * sums[at].weight >= all.weight;) {
        double held = hair * sums[at].peak;
        while (sums[enough_of_last - 1].peak > held) --enough_of_last;
        std::size_t enough = enough_of_last;
        Upto within = sums[enough - 1];
        double cost = held * within.weight - within.held + all.penalty - within.penalty;
        // Costs only grow with the attempts: what is dearer already need not be followed to its end.
        for (int failed = 1; enough < sums.size() && cost <= cheapest.cost; ++failed) {
            cost += held * time_to_failure * (all.weight - within.weight);
            if (cost > cheapest.cost) break;
            held = next_attempt(held, largest_seen, failed);
            enough = count_within(sums, held, enough);
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
