// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/forecast/peak_model.h"

#include <algorithm>
#include <cmath>

namespace plimsoll::forecast {
namespace {

constexpr std::size_t window_most = 400;
constexpr std::size_t line_least = 3;         ///< instances below which a line is only the median
constexpr std::size_t line_choice_least = 5;  ///< instances below which the line is not chosen
constexpr double line_floor = 0.8;            ///< of the smallest peak: least squares extrapolates absurdly
constexpr std::size_t nearest_count = 3;

}  // namespace

std::string_view name_of(Predictor predictor) {
    constexpr std::string_view names[] = {"median", "line", "nearest"};
    return names[static_cast<int>(predictor)];
}

PeakModel::PeakModel(double time_to_failure)
    : window_(window_most), costs_{CostSums(time_to_failure), CostSums(time_to_failure), CostSums(time_to_failure)} {}

void PeakModel::learn(const Instance& instance) {
    if (window_.size() > 0) {
        record_.push_back({.words = words(instance.x), .instance = instance});
        replay(record_.back(), +1);
    }
    window_.add(instance);
    if (record_.size() <= window_most) return;
    replay(record_.front(), -1);
    record_.pop_front();
    // Sums that are added to and taken from drift; once a window's length they are made afresh.
    if (++since_fresh_ < window_most) return;
    since_fresh_ = 0;
    for (CostSums& sums : costs_) sums.clear();
    for (const Record& record : record_) replay(record, +1);
}

PeakModel::Words PeakModel::words(double x) const {
    const double median = window_.median();
    const double line =
        window_.size() < line_least ? median : std::max(window_.line().at(x), line_floor * window_.smallest());
    return {median, line, window_.largest_of_nearest(x, nearest_count)};
}

void PeakModel::replay(const Record& record, double sign) {
    for (std::size_t at = 0; at < predictor_count; ++at)
        costs_[at].add(record.words[at], record.instance.y, record.instance.runtime_s, sign);
}

PeakModel::Choice PeakModel::choose(double x, double failure_weight) const {
    std::optional<double> least;
    Choice choice;
    for (std::size_t at = 0; at < predictor_count; ++at) {
        const auto predictor = static_cast<Predictor>(at);
        if (predictor == Predictor::line && window_.size() < line_choice_least) continue;
        const CostSums::Best best = costs_[at].best(failure_weight, window_.median(), window_.mean_runtime_s());
        if (least && best.cost >= *least) continue;
        least = best.cost;
        choice.predictor = predictor;
        choice.factor = cost_factors()[best.factor];
    }
    choice.word = words(x)[static_cast<std::size_t>(choice.predictor)];
    choice.bound = choice.factor * choice.word;
    return choice;
}

std::optional<double> PeakModel::agreement(Predictor predictor) const {
    if (record_.empty()) return std::nullopt;
    std::size_t near = 0;
    for (const Record& record : record_) {
        const double word = record.words[static_cast<std::size_t>(predictor)];
        near += record.instance.y <= 2 * word && word <= 2 * record.instance.y;
    }
    return static_cast<double>(near) / static_cast<double>(record_.size());
}

double PeakModel::retry(double limit, int failed) const {
    const double largest = samples() > 0 ? window_.largest() : 0;
    if (failed == 1 && 1.2 * limit < largest && largest < 2.5 * limit) return 1.05 * largest;
    return 2 * limit;
}

}  // namespace plimsoll::forecast
