// SPDX-License-Identifier: Apache-2.0
// PeakModel: the replayed-cost method for the peak memory of one kind. Four predictors compete on what following them
// would have cost (replayed_cost.h); the cheapest, with its factor, says the first attempt. It promises no
// probability: a rare failure can be cheaper than always holding more.
//
// | power   | peak grows as a power of the input; where that cannot be told yet, a little less than in proportion |
// | median  | of the peaks                                                                                         |
// | line    | a straight line over the input                                                                       |
// | nearest | the largest peak among the three inputs of the most similar size                                     |
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

#include "plimsoll/forecast/replayed_cost.h"
#include "plimsoll/forecast/window.h"

namespace plimsoll::forecast {

enum class Predictor { power, median, line, nearest };
constexpr std::size_t predictor_count = 4;
std::string_view name_of(Predictor predictor);  ///< "power", "median", "line", "nearest"

class PeakModel {
public:
    /// `time_to_failure`: the share of its runtime after which a too small attempt is taken to fail. It
    /// is .35 / .58 / .90 (quartiles) in reality; 1 is the cautious end.
    explicit PeakModel(double time_to_failure = 1);

    void learn(const Instance& instance);
    std::size_t samples() const { return window_.size(); }
    const Window& window() const { return window_; }

    struct Choice {
        double bound = 0;  ///< factor x word: the first attempt
        double word = 0;   ///< what the predictor says
        Predictor predictor = Predictor::median;
        double factor = 1;
    };
    /// With at least one instance. `failure_weight`: what a failed task costs beside, in its peak x runtime.
    Choice choose(double x, double failure_weight) const;
    /// The share of the instances, recent ones counting more, whose peak was within a factor of two of what the
    /// predictor had said before it; nothing before there were two.
    std::optional<double> agreement(Predictor predictor) const;
    /// What to try after `limit` was too little.
    double retry(double limit, int failed) const;

private:
    using Words = std::array<double, predictor_count>;
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

    Window window_;
    std::array<Record, predictor_count> records_;
    double replayed_ = 0;                       ///< instances in the records, faded as they are
    mutable std::optional<Cheapest> cheapest_;  ///< of what is known, at the last weight asked for
};

}  // namespace plimsoll::forecast
