// SPDX-License-Identifier: Apache-2.0
// QuantityModel: a quantity of one kind (runtime, cores, the peak that is promised) as a typical value and an upper
// bound that the next instance stays under with a given probability.
//
// Typical is the median or, where it has been nearer so far, a straight line over the input size. The
// bound multiplies it by a quantile of the ratios (what came / what was said before it): split conformal
// prediction (Vovk et al. 2005), which needs no shape of distribution, only that the next ratio is
// exchangeable with the past ones. It promises nothing where n ratios are too few: the highest probability
// that can be kept is n / (n + 1). What is said before each instance comes from those before it alone, so that
// ratios of the first few, about which little could be said, are wilder than the next one: the promise errs on the
// safe side, or, with a warm-up, leaves those out.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <vector>

#include "plimsoll/forecast/coverage.h"
#include "plimsoll/forecast/line.h"
#include "plimsoll/model/forecast.h"

namespace plimsoll::forecast {

class QuantityModel {
public:
    struct Options {
        double probability = 0.95;  ///< with which the bound is to hold
        bool by_input = true;       ///< may the input size explain it?
        std::size_t warm_up = 1;    ///< instances before what was said counts
    };
    explicit QuantityModel(const Options& options) : options_(options) {}

    void learn(double x, double y);
    std::size_t samples() const { return points_.size(); }
    struct Point {
        double x = 0, y = 0;
    };
    /// The last ones, oldest first.
    const std::deque<Point>& points() const { return points_; }
    /// With at least one instance. `stated` only where the ratios suffice, `measured` only where replayed.
    Estimate estimate(double x) const;

    template <class Archive>
    void members(Archive& archive) {
        archive(points_, ys_, line_, ratios_, sorted_ratios_, median_error_, line_error_, coverage_);
    }

private:
    void take_point(const Point& point);
    void take_ratio(double ratio);
    double median() const;
    double word(double x) const;
    double line_word(double x) const;
    /// What to multiply by, and whether that keeps the probability.
    struct Margin {
        double factor = 1;
        bool promised = false;
    };
    Margin margin() const;

    Options options_;
    std::deque<Point> points_;   ///< the last ones, oldest first
    std::vector<double> ys_;     ///< of them, ascending
    Line line_;                  ///< through them, where the input may explain them
    std::deque<double> ratios_;  ///< what came / what was said, oldest first
    std::vector<double> sorted_ratios_;
    double median_error_ = 0, line_error_ = 0;  ///< summed over all instances so far, relative to what came
    Coverage coverage_;
};

}  // namespace plimsoll::forecast
