// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/forecast/replayed_cost.h"

#include <algorithm>
#include <cmath>

namespace plimsoll::forecast {
namespace {

// Steps and pseudo-instances as tuned on public traces of nf-core workflows (docs/concepts/sizing.md).
struct Steps {
    double from, to, step;
};
constexpr Steps grid[] = {{0.6, 1.2, 0.005}, {1.2, 1.6, 0.02}, {1.6, 3.0, 0.1}, {3.0, 8.0, 0.5}};
struct Pseudo {
    double peak, runtime;
};
constexpr Pseudo pseudos[] = {{1.0, 0.60}, {1.08, 0.25}, {1.3, 0.15}};

std::vector<double> make_factors() {
    std::vector<double> factors;
    for (const Steps& part : grid) {
        const auto count = std::lround((part.to - part.from) / part.step);
        for (long at = 0; at < count; ++at) factors.push_back(part.from + static_cast<double>(at) * part.step);
    }
    return factors;
}

/// How often `first` must double to reach the peak: ceil(log2(peak / first)), without the logarithm.
int doublings(double first, double peak) {
    if (peak <= first) return 0;
    int exponent = 0;
    const double mantissa = std::frexp(peak / first, &exponent);
    return mantissa > 0.5 ? exponent : exponent - 1;
}

}  // namespace

std::span<const double> cost_factors() {
    static const std::vector<double> factors = make_factors();
    return factors;
}

AttemptCost cost_of(double first, double peak, double runtime_s, double time_to_failure) {
    const int times = doublings(first, peak);
    const double last = std::ldexp(first, times);
    return {.wasted = ((last - peak) + (last - first) * time_to_failure) * runtime_s, .failed = times > 0};
}

CostSums::CostSums(double time_to_failure) : time_to_failure_(time_to_failure) {
    const std::size_t count = cost_factors().size();
    for (std::vector<double>* sums : {&wasted_, &failed_, &pseudo_wasted_, &pseudo_failed_}) sums->assign(count, 0);
    for (std::size_t at = 0; at < count; ++at) {
        for (const Pseudo& pseudo : pseudos) {
            const AttemptCost cost = cost_of(cost_factors()[at], pseudo.peak, pseudo.runtime, time_to_failure);
            pseudo_wasted_[at] += cost.wasted;
            if (cost.failed) pseudo_failed_[at] += pseudo.peak * pseudo.runtime;
        }
    }
}

void CostSums::add(double word, double peak, double runtime_s, double sign) {
    const std::span<const double> factors = cost_factors();
    for (std::size_t at = 0; at < factors.size(); ++at) {
        const AttemptCost cost = cost_of(factors[at] * word, peak, runtime_s, time_to_failure_);
        wasted_[at] += sign * cost.wasted;
        if (cost.failed) failed_[at] += sign * peak * runtime_s;
    }
}

void CostSums::clear() {
    std::fill(wasted_.begin(), wasted_.end(), 0);
    std::fill(failed_.begin(), failed_.end(), 0);
}

CostSums::Best CostSums::best(double failure_weight, double median, double mean_runtime_s) const {
    const double scale = median * mean_runtime_s;
    Best best;
    for (std::size_t at = 0; at < wasted_.size(); ++at) {
        const double cost =
            wasted_[at] + pseudo_wasted_[at] * scale + failure_weight * (failed_[at] + pseudo_failed_[at] * scale);
        if (at == 0 || cost < best.cost) best = {at, cost};
    }
    return best;
}

}  // namespace plimsoll::forecast
