// SPDX-License-Identifier: Apache-2.0
// PeakModel: the replayed-cost method for the peak memory of one kind. Three predictors compete on what
// following them would have cost (replayed_cost.h); the cheapest, with its factor, says the first
// attempt. It promises no probability: a rare failure can be cheaper than always holding more.
#pragma once

#include <array>
#include <cstddef>
#include <deque>
#include <optional>
#include <string_view>

#include "plimsoll/forecast/replayed_cost.h"
#include "plimsoll/forecast/window.h"

namespace plimsoll::forecast {

enum class Predictor { median, line, nearest };
constexpr std::size_t predictor_count = 3;
std::string_view name_of(Predictor predictor);  ///< "median", "line", "nearest"

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
    /// The share of the instances whose peak was within a factor of two of what the predictor had said before it;
    /// nothing before there were two.
    std::optional<double> agreement(Predictor predictor) const;
    /// What to try after `limit` was too little: just above the largest peak seen if that is a likely
    /// reason (first failure only), else double.
    double retry(double limit, int failed) const;

private:
    using Words = std::array<double, predictor_count>;
    struct Record {
        Words words{};
        Instance instance;
    };
    Words words(double x) const;
    void replay(const Record& record, double sign);

    Window window_;
    std::deque<Record> record_;  ///< of the instances in the window but the very first
    std::array<CostSums, predictor_count> costs_;
    std::size_t since_fresh_ = 0;  ///< replays taken out since the sums were made afresh
};

}  // namespace plimsoll::forecast
