// SPDX-License-Identifier: Apache-2.0
// ReplayedCost: which predictor, multiplied by which factor, would have cost least so far?
//
// Every finished instance is replayed with what each predictor said before it: the first attempt gets
// a = factor x word; while the peak is above that, the attempt fails and the next gets more (`next_attempt`, the rule
// that the product follows). The cost is what was held and not used, failed attempts wholly, in peak x runtime; and
// for each failed task a penalty, of which a part is the same for small tasks and large ones: somebody waits either
// way, and room for a small task costs next to nothing. Instances fade, so that what was said when little was known,
// or before a kind changed, soon weighs little. Three pseudo-instances stand in for what has not been seen: most of
// the next peaks near the median, some above by as much as the predictor was off so far, a few by far more.
//
// The sums are kept per (predictor, factor) as instances come, so that neither learning nor choosing looks back.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

namespace plimsoll::forecast {

/// The candidate factors, ascending: fine near 1, coarse far above.
std::span<const double> cost_factors();

/// What to hold after the `failures`th attempt failed: at first just above the largest peak seen if that is a likely
/// reason, else a third more; the double from then on.
double next_attempt(double failed, double largest_seen, int failures);

/// The cost of one instance if `first` had been held at first, and the penalty if an attempt failed.
struct AttemptCost {
    double wasted = 0;   ///< peak x seconds
    double penalty = 0;  ///< peak x seconds, at a failure weight of 1
};
/// `time_to_failure`: the share of the runtime after which an attempt that is too small fails.
AttemptCost cost_of(double first, double peak, double runtime_s, double largest_seen, double time_to_failure);

/// What any failed task costs beside what it held (byte seconds): a GB for some minutes.
constexpr double failure_fixed = 100e9;
/// Stands in for what has not been seen: a share of the next peaks is above the word by so much, the one part with the
/// spread, the other in bytes.
struct UnseenPeak {
    double share, above, above_bytes;
};
constexpr std::array<UnseenPeak, 4> unseen_peaks = {{{0.65, 0, 0}, {0.25, 0.05, 0}, {0.10, 0.3, 0}, {0.08, 1, 64e6}}};

/// What is not known yet of a kind.
struct Unseen {
    double median = 0;  ///< of the peaks
    double runtime_s = 0;
    double spread = 1;  ///< how far off words were, in units of a twelfth
};

/// Sums of cost for one predictor, a pair per factor.
class CostSums {
public:
    explicit CostSums(double time_to_failure);
    /// The instance joins the record; those before it fade.
    void add(double word, double peak, double runtime_s, double largest_seen);
    struct Best {
        std::size_t factor = 0;  ///< index into cost_factors()
        double cost = 0;
    };
    /// The cheapest factor at a weight of failures; on a tie the smaller factor.
    Best best(double failure_weight, const Unseen& unseen) const;

    template <class Archive>
    void members(Archive& archive) {
        archive(wasted_, penalty_);
    }

private:
    double time_to_failure_;
    std::vector<double> wasted_, penalty_;  ///< per factor
};

}  // namespace plimsoll::forecast
