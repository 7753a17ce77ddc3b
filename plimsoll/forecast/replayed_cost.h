// SPDX-License-Identifier: Apache-2.0
// ReplayedCost: which predictor, multiplied by which factor, would have cost least so far?
//
// Every finished instance is replayed with what each predictor said before it: the first attempt gets
// a = factor x word; while the peak is above that, the attempt fails and the allotment doubles. The cost
// is what was held and not used, failed attempts wholly, in peak x runtime. Three pseudo-instances stand
// in for what has not been seen: most of the next peaks near the median, some 8 % and a few 30 % above.
//
// The sums over the record are kept per (predictor, factor) as instances come and go, so that neither
// learning nor choosing looks at the record again.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace plimsoll::forecast {

/// The candidate factors, ascending: fine near 1, coarse far above.
std::span<const double> cost_factors();

/// The cost of one instance if `first` had been held at first, and whether an attempt failed.
struct AttemptCost {
    double wasted = 0;  ///< peak x seconds
    bool failed = false;
};
/// `time_to_failure`: the share of the runtime after which an attempt that is too small fails.
AttemptCost cost_of(double first, double peak, double runtime_s, double time_to_failure);

/// Sums of cost for one predictor, a pair per factor.
class CostSums {
public:
    explicit CostSums(double time_to_failure);
    /// sign +1: the instance joins the record; -1: it leaves.
    void add(double word, double peak, double runtime_s, double sign);
    void clear();
    struct Best {
        std::size_t factor = 0;  ///< index into cost_factors()
        double cost = 0;
    };
    /// The cheapest factor when a failed task costs `failure_weight` more of its peak x runtime. The
    /// pseudo-instances are about `median` and take the mean runtime together; on a tie the smaller factor.
    Best best(double failure_weight, double median, double mean_runtime_s) const;

private:
    double time_to_failure_;
    std::vector<double> wasted_;         ///< per factor
    std::vector<double> failed_;         ///< per factor: peak x runtime of instances of which an attempt failed
    std::vector<double> pseudo_wasted_;  ///< the same of the pseudo-instances about a median of 1 over 1 s
    std::vector<double> pseudo_failed_;
};

}  // namespace plimsoll::forecast
