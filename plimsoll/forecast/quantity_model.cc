// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/forecast/quantity_model.h"

#include <algorithm>
#include <cmath>

namespace plimsoll::forecast {
namespace {

constexpr std::size_t quantities_most = 400;
constexpr std::size_t points_least = 5;
constexpr double line_floor = 0.5;         ///< of the smallest seen: lines may go down to nothing
constexpr double first_margin = 1.5;       ///< a single instance says nothing about spread
constexpr double unpromised_margin = 1.1;  ///< beyond the worst ratio while ratios are few
constexpr double forget = 0.98;            ///< errors of fifty instances ago count a third

}  // namespace

void QuantityModel::learn(double x, double y) {
    if (points_.size() > 0) {
        coverage_.add(estimate(x).bound >= y);
        if (points_.size() >= options_.warm_up) take_ratio(y / word(x));
        median_error_ = forget * median_error_ + std::abs(median() / y - 1);
        if (options_.by_input) line_error_ = forget * line_error_ + std::abs(line_word(x) / y - 1);
    }
    take_point({x, y});
}

void QuantityModel::take_point(const Point& point) {
    points_.push_back(point);
    ys_.insert(std::upper_bound(ys_.begin(), ys_.end(), point.y), point.y);
    if (points_.size() > quantities_most) {
        ys_.erase(std::lower_bound(ys_.begin(), ys_.end(), points_.front().y));
        points_.pop_front();
    }
    if (options_.by_input) line_ = fitted_line(points_);
}

double QuantityModel::median() const {
    const std::size_t middle = ys_.size() / 2;
    return ys_.size() % 2 == 1 ? ys_[middle] : (ys_[middle - 1] + ys_[middle]) / 2;
}

void QuantityModel::take_ratio(double ratio) {
    ratios_.push_back(ratio);
    sorted_ratios_.insert(std::upper_bound(sorted_ratios_.begin(), sorted_ratios_.end(), ratio), ratio);
    if (ratios_.size() <= quantities_most) return;
    sorted_ratios_.erase(std::lower_bound(sorted_ratios_.begin(), sorted_ratios_.end(), ratios_.front()));
    ratios_.pop_front();
}

Estimate QuantityModel::estimate(double x) const {
    const double typical = word(x);
    const Margin above = margin();
    Estimate estimate{.p50 = typical, .bound = typical * above.factor, .stated = {}, .measured = coverage_.share()};
    if (above.promised) estimate.stated = options_.probability;
    return estimate;
}

double QuantityModel::word(double x) const {
    const bool line = options_.by_input && points_.size() >= points_least && line_error_ < median_error_;
    return line ? line_word(x) : median();
}

double QuantityModel::line_word(double x) const {
    return points_.size() < points_least ? median() : std::max(line_.at(x), line_floor * ys_.front());
}

QuantityModel::Margin QuantityModel::margin() const {
    const std::size_t count = sorted_ratios_.size();
    if (count == 0) return {first_margin, false};
    const auto rank = static_cast<std::size_t>(std::ceil(static_cast<double>(count + 1) * options_.probability - 1e-9));
    if (rank > count) return {std::max(1.0, unpromised_margin * sorted_ratios_.back()), false};
    return {std::max(1.0, sorted_ratios_[rank - 1]), true};
}

}  // namespace plimsoll::forecast
