// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/forecast/likely_peaks.h"

#include <algorithm>
#include <cstddef>

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
    CheapestAttempt cheapest{.bound = 0, .cost = -1};
    std::size_t first_enough = 0;
    for (const Upto& candidate : sums) {
        if (2 * candidate.weight < all.weight) continue;
        double held = hair * candidate.peak;
        while (first_enough < sums.size() && sums[first_enough].peak <= held) ++first_enough;
        std::size_t enough = first_enough;
        Upto within = sums[enough - 1];
        double cost = held * within.weight - within.held + all.penalty - within.penalty;
        // Costs only grow with the attempts: what is dearer already need not be followed to its end.
        for (int failed = 1; enough < sums.size() && !(cheapest.cost >= 0 && cost >= cheapest.cost); ++failed) {
            cost += held * time_to_failure * (all.weight - within.weight);
            held = next_attempt(held, largest_seen, failed);
            enough = count_within(sums, held, enough);
            const Upto& next = sums[enough - 1];
            cost += held * (next.weight - within.weight) - (next.held - within.held);
            within = next;
        }
        if (cheapest.cost < 0 || cost < cheapest.cost) cheapest = {.bound = hair * candidate.peak, .cost = cost};
    }
    cheapest.cost /= all.weight;
    return cheapest;
}

}  // namespace plimsoll::forecast
