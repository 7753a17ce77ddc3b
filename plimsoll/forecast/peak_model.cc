// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/forecast/peak_model.h"

#include <algorithm>
#include <cmath>

namespace plimsoll::forecast {
namespace {

// Chosen on public traces of four workflows: expect somewhat less elsewhere (docs/concepts/sizing.md).
constexpr std::size_t window_most = 200;
constexpr std::size_t line_least = 3;         ///< instances below which a line is only the median
constexpr std::size_t line_choice_least = 5;  ///< instances below which the line is not chosen
constexpr double floor_of_smallest = 0.8;     ///< least squares extrapolates absurdly
constexpr std::size_t nearest_count = 3;
constexpr double beyond = 2.7;        ///< how far beyond the inputs that were seen the power is followed
constexpr double remembered = 0.97;   ///< of the weight, from one instance to the next
constexpr double usual_off = 0.08;    ///< |log(peak / word)| where little has been seen ...
constexpr double usual_weight = 0.5;  ///< ... as so many instances
constexpr double spread_least = 0.05, spread_most = 3;
constexpr double weight_exponent = 1.7;  ///< so that safe, 10, weighs failures 50 times: of 100 tasks one fails

}  // namespace

std::string_view name_of(Predictor predictor) {
    constexpr std::string_view names[] = {"power", "median", "line", "nearest"};
    return names[static_cast<int>(predictor)];
}

PeakModel::PeakModel(double time_to_failure)
    : window_(window_most),
      records_{Record{CostSums(time_to_failure)}, Record{CostSums(time_to_failure)}, Record{CostSums(time_to_failure)},
               Record{CostSums(time_to_failure)}} {}

void PeakModel::learn(const Instance& instance) {
    cheapest_.reset();
    if (window_.size() > 0) {
        const Words said = words(instance.x);
        replayed_ = remembered * replayed_ + 1;
        for (std::size_t at = 0; at < predictor_count; ++at) {
            Record& record = records_[at];
            const double off = std::abs(std::log(instance.y / said[at]));
            record.costs.add(said[at], instance.y, instance.runtime_s, window_.largest());
            record.off = remembered * record.off + std::min(off, 1.0);
            record.near = remembered * record.near + (off <= std::log(2.0));
        }
    }
    window_.add(instance);
}

PeakModel::Words PeakModel::words(double x) const {
    const double median = window_.median(), least = floor_of_smallest * window_.smallest();
    const double line = window_.size() < line_least ? median : std::max(window_.line().at(x), least);
    const double power = std::max(window_.power().at(x, beyond), least);
    return {power, median, line, window_.largest_of_nearest(x, nearest_count)};
}

double PeakModel::spread(const Record& record) const {
    const double off = (usual_weight * usual_off + record.off) / (usual_weight + replayed_);
    return std::clamp(off / usual_off, spread_least, spread_most);
}

PeakModel::Cheapest PeakModel::cheapest(double failure_weight) const {
    Cheapest cheapest{.failure_weight = failure_weight};
    const double weight = std::pow(failure_weight, weight_exponent);
    std::optional<double> least;
    for (std::size_t at = 0; at < predictor_count; ++at) {
        const auto predictor = static_cast<Predictor>(at);
        if (predictor == Predictor::line && window_.size() < line_choice_least) continue;
        const Unseen unseen{
            .median = window_.median(), .runtime_s = window_.mean_runtime_s(), .spread = spread(records_[at])};
        const CostSums::Best best = records_[at].costs.best(weight, unseen);
        if (least && best.cost >= *least) continue;
        least = best.cost;
        cheapest.predictor = predictor;
        cheapest.factor = cost_factors()[best.factor];
    }
    return cheapest;
}

PeakModel::Choice PeakModel::choose(double x, double failure_weight) const {
    if (!cheapest_ || cheapest_->failure_weight != failure_weight) cheapest_ = cheapest(failure_weight);
    const double word = words(x)[static_cast<std::size_t>(cheapest_->predictor)];
    return {.bound = cheapest_->factor * word,
            .word = word,
            .predictor = cheapest_->predictor,
            .factor = cheapest_->factor};
}

std::optional<double> PeakModel::agreement(Predictor predictor) const {
    if (replayed_ == 0) return std::nullopt;
    return records_[static_cast<std::size_t>(predictor)].near / replayed_;
}

double PeakModel::retry(double limit, int failed) const {
    return next_attempt(limit, samples() > 0 ? window_.largest() : 0, failed);
}

}  // namespace plimsoll::forecast
