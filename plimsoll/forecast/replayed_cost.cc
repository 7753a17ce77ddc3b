// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/forecast/replayed_cost.h"

#include <algorithm>
#include <cmath>

namespace plimsoll::forecast {
namespace {

// Constants chosen on public traces of four workflows: expect somewhat less elsewhere (docs/concepts/sizing.md).
struct Steps {
    double from, to, step;
};
constexpr Steps grid[] = {{0.8, 0.98, 0.02}, {0.98, 1.12, 0.004}, {1.12, 1.4, 0.02}, {1.4, 2.0, 0.05},
                          {2.0, 3.05, 0.15}, {3.5, 8, 0.75},      {8, 30, 4}};
constexpr double cost_remembered = 0.97;                  ///< of the weight, from one instance to the next
constexpr double unseen_weight = 0.35;                    ///< of the pseudo-instances together, in instances
constexpr double likely_least = 1.05, likely_most = 2.5;  ///< largest seen / failed
constexpr double above_largest = 1.03;
constexpr double first_step = 1.35;

std::vector<double> make_factors() {
    std::vector<double> factors;
    for (const Steps& part : grid) {
        const auto count = std::lround((part.to - part.from) / part.step);
        for (long at = 0; at < count; ++at) factors.push_back(part.from + static_cast<double>(at) * part.step);
    }
    return factors;
}

}  // namespace

std::span<const double> cost_factors() {
    static const std::vector<double> factors = make_factors();
    return factors;
}

double next_attempt(double failed, double largest_seen, int failures) {
    if (failures > 1) return 2 * failed;
    const bool likely = likely_least * failed < largest_seen && largest_seen < likely_most * failed;
    return likely ? above_largest * largest_seen : first_step * failed;
}

AttemptCost cost_of(double first, double peak, double runtime_s, double largest_seen, double time_to_failure) {
    if (peak <= first) return {.wasted = (first - peak) * runtime_s, .penalty = 0};
    double failed = first, held = next_attempt(first, largest_seen, 1);
    for (; held < peak; held *= 2) failed += held;
    return {.wasted = (held - peak + failed * time_to_failure) * runtime_s,
            .penalty = peak * runtime_s + failure_fixed};
}

CostSums::CostSums(double time_to_failure)
    : time_to_failure_(time_to_failure), wasted_(cost_factors().size()), penalty_(cost_factors().size()) {}

void CostSums::add(double word, double peak, double runtime_s, double largest_seen) {
    const std::span<const double> factors = cost_factors();
    for (std::size_t at = 0; at < factors.size(); ++at) {
        const AttemptCost cost = cost_of(factors[at] * word, peak, runtime_s, largest_seen, time_to_failure_);
        wasted_[at] = cost_remembered * wasted_[at] + cost.wasted;
        penalty_[at] = cost_remembered * penalty_[at] + cost.penalty;
    }
}

CostSums::Best CostSums::best(double failure_weight, const Unseen& unseen) const {
    const std::span<const double> factors = cost_factors();
    const auto seen = [&](std::size_t at) { return wasted_[at] + failure_weight * penalty_[at]; };
    const auto with_unseen = [&](std::size_t at) {
        double cost = seen(at);
        for (const UnseenPeak& pseudo : unseen_peaks) {
            const AttemptCost one =
                cost_of(factors[at] * unseen.median, unseen.median * (1 + unseen.spread * pseudo.above),
                        unseen.runtime_s, 0, time_to_failure_);
            cost += unseen_weight * pseudo.share * (one.wasted + failure_weight * one.penalty);
        }
        return cost;
    };
    std::size_t cheapest_seen = 0;
    for (std::size_t at = 1; at < factors.size(); ++at)
        if (seen(at) < seen(cheapest_seen)) cheapest_seen = at;
    // The unseen only adds: what is dearer without it than one is with it need not be followed.
    Best best{cheapest_seen, with_unseen(cheapest_seen)};
    for (std::size_t at = 0; at < factors.size(); ++at) {
        if (seen(at) > best.cost) continue;
        const double cost = with_unseen(at);
        if (cost < best.cost || (cost == best.cost && at < best.factor)) best = {at, cost};
    }
    return best;
}

}  // namespace plimsoll::forecast
