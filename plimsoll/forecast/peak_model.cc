// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/forecast/peak_model.h"

#include <algorithm>
#include <cmath>

namespace plimsoll::forecast {
namespace {

// Chosen on public traces of four workflows: docs/design/sizing.md says what leaving one out changes.
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
constexpr double weight_exponent = 1.8;   ///< so that safe, 10, weighs failures 60 times: of 100 tasks one fails
constexpr std::size_t mixture_least = 8;  ///< instances below which the mixture is not asked
constexpr double mixture_beyond = 1.2;    ///< how far beyond the largest input it is

}  // namespace

PeakModel::PeakModel(double time_to_failure, const MixtureConstants& constants)
    : time_to_failure_(time_to_failure),
      constants_(constants),
      window_(window_most),
      records_{Record{CostSums(time_to_failure)}, Record{CostSums(time_to_failure)}, Record{CostSums(time_to_failure)},
               Record{CostSums(time_to_failure)}, Record{CostSums(time_to_failure)}},
      mixture_(constants) {}

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
        mixture_.add(said, instance);
    }
    window_.add(instance);
}

Words PeakModel::words(double x) const {
    const double median = window_.median(), least = floor_of_smallest * window_.smallest();
    const double line = window_.size() < line_least ? median : std::max(window_.line().at(x), least);
    const double power = std::max(window_.power().at(x, beyond), least);
    return {power, median, line, window_.largest_of_nearest(x, nearest_count), window_.local(x)};
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

double PeakModel::mixture_share(double log_x) const {
    if (mixture_.size() < mixture_least || log_x > window_.power().largest_log_x + std::log(mixture_beyond)) return 0;
    const auto seen = static_cast<double>(mixture_.size());
    return seen / (seen + constants_.half);
}

PeakModel::Choice PeakModel::choose(double x, double failure_weight) const {
    if (!cheapest_ || cheapest_->failure_weight != failure_weight) cheapest_ = cheapest(failure_weight);
    const Words said = words(x);
    const auto [weight, predictor, factor] = *cheapest_;
    const double word = said[static_cast<std::size_t>(predictor)];
    const double log_x = log_input(x), share = mixture_share(log_x);
    if (share == 0) return {.bound = factor * word, .word = word, .predictor = predictor, .factor = factor};
    PeakMixture::Asked asked{.words = said,
                             .spreads = {},
                             .log_x = log_x,
                             .penalty_weight = std::pow(constants_.penalty * weight, weight_exponent),
                             .time_to_failure = time_to_failure_};
    for (std::size_t at = 0; at < predictor_count; ++at) asked.spreads[at] = spread(records_[at]);
    const PeakMixture::Choice mixed = mixture_.choose(asked, window_);
    const double bound = std::pow(mixed.bound, share) * std::pow(factor * word, 1 - share);
    const double mixed_word = said[static_cast<std::size_t>(mixed.predictor)];
    return {.bound = bound, .word = mixed_word, .predictor = mixed.predictor, .factor = bound / mixed_word};
}

std::optional<double> PeakModel::agreement(Predictor predictor) const {
    if (replayed_ == 0) return std::nullopt;
    return records_[static_cast<std::size_t>(predictor)].near / replayed_;
}

double PeakModel::retry(double limit, int failed) const {
    return next_attempt(limit, samples() > 0 ? window_.largest() : 0, failed);
}

}  // namespace plimsoll::forecast
