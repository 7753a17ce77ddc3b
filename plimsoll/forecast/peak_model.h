// SPDX-License-Identifier: Apache-2.0
// PeakModel: the peak memory of one kind. Predictors (predictor.h) compete on what following them would have cost
// (replayed_cost.h); the cheapest, with its factor, says the first attempt while little is known and for inputs larger
// than any seen. With more instances, the choice under the distribution of the peak for just this input
// (peak_mixture.h) joins it, and weighs the more the more there are. It promises no probability: a rare failure can be
// cheaper than always holding more.
#pragma once

#include <array>
#include <cstddef>
#include <optional>

#include "plimsoll/forecast/peak_mixture.h"
#include "plimsoll/forecast/predictor.h"
#include "plimsoll/forecast/replayed_cost.h"
#include "plimsoll/forecast/window.h"

namespace plimsoll::forecast {

class PeakModel {
public:
    /// `time_to_failure`: the share of its runtime after which a too small attempt is taken to fail. It
    /// is .35 / .58 / .90 (quartiles) in reality; 1 is the cautious end.
    explicit PeakModel(double time_to_failure = 1, const MixtureConstants& constants = {});

    void learn(const Instance& instance);
    std::size_t samples() const { return window_.size(); }
    const Window& window() const { return window_; }

    struct Choice {
        double bound = 0;                         ///< factor x word: the first attempt
        double word = 0;                          ///< what the predictor says
        Predictor predictor = Predictor::median;  ///< of several, the one that weighs most
        double factor = 1;
    };
    /// With at least one instance. `failure_weight`: what a failed task costs beside, in its peak x runtime.
    Choice choose(double x, double failure_weight) const;
    /// The share of the instances, recent ones counting more, whose peak was within a factor of two of what the
    /// predictor had said before it; nothing before there were two.
    std::optional<double> agreement(Predictor predictor) const;
    /// What to try after `limit` was too little.
    double retry(double limit, int failed) const;

    template <class Archive>
    void members(Archive& archive) {
        cheapest_.reset();
        archive(window_, replayed_, mixture_);
        for (Record& record : records_) archive(record.costs, record.near, record.off);
    }

private:
    /// How a predictor did so far; what is long ago counts less.
    struct Record {
        CostSums costs;
        double near = 0;  ///< instances within a factor of two
        double off = 0;   ///< |log(peak / word)|, at most 1 each
    };
    struct Cheapest {
        double failure_weight = 0;
        Predictor predictor = Predictor::median;
        double factor = 1;
    };
    Words words(double x) const;
    double spread(const Record& record) const;
    Cheapest cheapest(double failure_weight) const;
    /// Of the mixture, in the logarithm; 0 where it is not asked.
    double mixture_share(double log_x) const;

    double time_to_failure_;
    MixtureConstants constants_;
    Window window_;
    std::array<Record, predictor_count> records_;
    double replayed_ = 0;  ///< instances in the records, faded as they are
    PeakMixture mixture_;
    mutable std::optional<Cheapest> cheapest_;  ///< of what is known, at the last weight asked for
};

}  // namespace plimsoll::forecast
