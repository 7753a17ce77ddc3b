// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/forecast/peak_mixture.h"

#include <algorithm>
#include <cmath>

#include "plimsoll/forecast/replayed_cost.h"

namespace plimsoll::forecast {
namespace {

// Chosen on public traces of four workflows; docs/design/sizing.md says what leaving one out changes.
constexpr std::size_t past_most = 100;
constexpr double unlike_least = 0.1;     ///< the weight of an instance, however unlike
constexpr double unseen_instances = 10;  ///< of what was never seen, in instances, divided by those seen and as many
constexpr double unseen_seen = 10;
constexpr std::uint32_t change_noticed = 6;  ///< instances in a row ...
constexpr double change_clear = 0.9;         ///< ... beyond that share of those before: once in 100,000 by chance
constexpr double weight_least = 0.02;        ///< below which a predictor is left out
constexpr double dear_least = 0.002;         ///< of the median peak: costs less than that are alike

bool lower_peak(const LikelyPeak& a, const LikelyPeak& b) { return a.peak < b.peak; }

}  // namespace

void PeakMixture::add(const Words& said, const Instance& instance) {
    if (past_.size() == past_most) forget(1);
    for (std::size_t at = 0; at < predictor_count; ++at) {
        const Ratio ratio{instance.y / said[at], next_};
        std::vector<Ratio>& ratios = ascending_[at];
        const auto place = std::upper_bound(ratios.begin(), ratios.end(), ratio,
                                            [](const Ratio& a, const Ratio& b) { return a.ratio < b.ratio; });
        ratios.insert(place, ratio);
    }
    past_.push_back({log_input(instance.x), instance.runtime_s, next_++});
    if (changed()) forget(past_.size() - change_noticed);
}

/// The oldest ones.
void PeakMixture::forget(std::size_t count) {
    past_.erase(past_.begin(), past_.begin() + static_cast<std::ptrdiff_t>(count));
    for (std::vector<Ratio>& ratios : ascending_)
        std::erase_if(ratios, [&](const Ratio& one) { return one.number < past_.front().number; });
}

/// Told by the local mean, which neither a larger input nor a single outlier leads astray.
bool PeakMixture::changed() const {
    if (past_.size() < 3 * change_noticed) return false;
    const std::uint32_t first = next_ - change_noticed;
    std::size_t later_seen = 0, below = 0, above = 0;  // of those before: below and above all of the last
    for (const Ratio& one : ascending_[static_cast<std::size_t>(Predictor::local)]) {
        const bool later = one.number >= first;
        later_seen += later;
        below += !later && later_seen == 0;
        above += !later && later_seen == change_noticed;
    }
    const double before = static_cast<double>(past_.size() - change_noticed);
    return static_cast<double>(std::max(below, above)) >= change_clear * before;
}

/// Of the instances, oldest first: probability x seconds.
std::vector<double> PeakMixture::weights(double log_x) const {
    std::vector<double> weights(past_.size());
    double age = 1;
    for (std::size_t at = past_.size(); at-- > 0; age *= constants_.remembered) {
        const double apart = (past_[at].log_x - log_x) / constants_.like_log;
        weights[at] = age * std::max(unlike_least, 1 / (1 + apart * apart)) * past_[at].runtime_s;
    }
    return weights;
}

std::vector<LikelyPeak> PeakMixture::likely(std::size_t predictor, const Asked& asked, const Window& window,
                                            const std::vector<double>& weights) const {
    std::vector<LikelyPeak> peaks;
    peaks.reserve(past_.size() + unseen_peaks.size());
    const double word = asked.words[predictor], mean_s = window.mean_runtime_s();
    const auto add = [&](double peak, double weight, double runtime_s) {
        const double penalty = asked.penalty_weight * weight * (peak + failure_fixed / runtime_s);
        peaks.push_back({.peak = peak, .weight = weight, .penalty = penalty});
    };
    for (const Ratio& one : ascending_[predictor]) {
        const std::size_t at = one.number - past_.front().number;
        add(word * one.ratio, weights[at], past_[at].runtime_s);
    }
    const auto seen = static_cast<double>(window.size());
    for (const UnseenPeak& one : unseen_peaks)
        add(word * (1 + asked.spreads[predictor] * one.above) + one.above_bytes,
            one.share * mean_s * unseen_instances / (unseen_seen + seen), mean_s);
    // The few that were never seen, each into its place: after those as large.
    for (auto unseen = peaks.end() - unseen_peaks.size(); unseen != peaks.end(); ++unseen)
        std::rotate(std::upper_bound(peaks.begin(), unseen, *unseen, lower_peak), unseen, unseen + 1);
    double sum = 0;
    for (const LikelyPeak& one : peaks) sum += one.weight;
    for (LikelyPeak& one : peaks) one.weight /= sum, one.penalty /= sum;
    return peaks;
}

PeakMixture::Choice PeakMixture::choose(const Asked& asked, const Window& window) const {
    const std::vector<double> instance_weights = weights(asked.log_x);
    std::array<std::vector<LikelyPeak>, predictor_count> likely_by;
    std::array<double, predictor_count> cost{};
    for (std::size_t at = 0; at < predictor_count; ++at) {
        likely_by[at] = likely(at, asked, window, instance_weights);
        const CheapestAttempt alone = cheapest_attempt(likely_by[at], window.largest(), asked.time_to_failure);
        cost[at] = alone.cost + dear_least * window.median();
    }
    const auto cheapest = static_cast<std::size_t>(std::min_element(cost.begin(), cost.end()) - cost.begin());
    std::vector<LikelyPeak> all, merged;
    for (std::size_t at = 0; at < predictor_count; ++at) {
        const double weight = std::pow(cost[cheapest] / cost[at], constants_.sharpness);
        if (weight < weight_least) continue;
        for (LikelyPeak& one : likely_by[at]) one.weight *= weight, one.penalty *= weight;
        merged.resize(all.size() + likely_by[at].size());
        std::merge(all.begin(), all.end(), likely_by[at].begin(), likely_by[at].end(), merged.begin(), lower_peak);
        std::swap(all, merged);
    }
    return {.bound = cheapest_attempt(all, window.largest(), asked.time_to_failure).bound,
            .predictor = static_cast<Predictor>(cheapest)};
}

}  // namespace plimsoll::forecast
