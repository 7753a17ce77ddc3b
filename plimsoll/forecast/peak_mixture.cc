// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/forecast/peak_mixture.h"

#include <algorithm>
#include <cmath>

namespace plimsoll::forecast {
namespace {

// Chosen on public traces of four workflows; docs/design/sizing.md says what leaving one out changes.
constexpr double unlike_least = 0.1;     ///< the weight of an instance, however unlike
constexpr double unseen_instances = 10;  ///< of what was never seen, in instances, divided by those seen and as many
constexpr double unseen_seen = 10;
constexpr std::uint32_t change_noticed = 6;  ///< instances in a row ...
constexpr double change_clear = 0.9;         ///< ... beyond that share of those before: once in 100,000 by chance
constexpr double weight_least = 0.02;        ///< below which a predictor is left out
constexpr double dear_least = 0.002;         ///< of the median peak: costs less than that are alike

/// Both ascending; of peaks as large, those of `a` first. Which comes next is chance, and a branch on it would be
/// guessed wrong half the time; each waits for the one before, so that both ends are done at once.
std::span<LikelyPeak> merged(std::span<const LikelyPeak> a, std::span<const LikelyPeak> b, LikelyPeak* room) {
    const LikelyPeak *left = a.data(), *right = b.data();
    const LikelyPeak *left_end = left + a.size(), *right_end = right + b.size();
    LikelyPeak *next = room, *end = room + a.size() + b.size();
    const std::span<LikelyPeak> all(next, end);
    while (left_end - left > 1 && right_end - right > 1) {
        const bool is_right = right->peak < left->peak;
        const LikelyPeak* const lower = is_right ? right : left;
        *next++ = *lower;
        left += !is_right;
        right += is_right;
        const bool is_left = right_end[-1].peak < left_end[-1].peak;
        const LikelyPeak* const upper = (is_left ? left_end : right_end) - 1;
        *--end = *upper;
        left_end -= is_left;
        right_end -= !is_left;
    }
    std::merge(left, left_end, right, right_end, next,
               [](const LikelyPeak& one, const LikelyPeak& other) { return one.peak < other.peak; });
    return all;
}
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

/// The instances, oldest first.
PeakMixture::WeighedPast PeakMixture::weighed(const Asked& asked) const {
    WeighedPast weighed;
    std::size_t at = past_.size();
    double age = 1;
    for (auto past = past_.rbegin(); past != past_.rend(); ++past, age *= constants_.remembered) {
        const double apart = (past->log_x - asked.log_x) / constants_.like_log;
        const double weight = age * std::max(unlike_least, 1 / (1 + apart * apart)) * past->runtime_s;
        weighed[--at] = {.weight = weight,
                         .penalty = asked.penalty_weight * weight,
                         .penalty_fixed = failure_fixed / past->runtime_s};
    }
    return weighed;
}

std::span<LikelyPeak> PeakMixture::likely(std::size_t predictor, const Asked& asked, const Window& window,
                                          const WeighedPast& weighed, LikelyPeaks& room) const {
    const double word = asked.words[predictor], mean_s = window.mean_runtime_s();
    const auto peak_of = [](double peak, const Weighed& one) {
        return LikelyPeak{.peak = peak, .weight = one.weight, .penalty = one.penalty * (peak + one.penalty_fixed)};
    };
    std::array<LikelyPeak, past_most> seen;
    const std::vector<Ratio>& ratios = ascending_[predictor];
    for (std::size_t at = 0; at < ratios.size(); ++at)
        seen[at] = peak_of(word * ratios[at].ratio, weighed[ratios[at].number - past_.front().number]);
    std::array<LikelyPeak, unseen_peaks.size()> unseen;
    const auto instances = static_cast<double>(window.size());
    for (std::size_t at = 0; at < unseen.size(); ++at) {
        const UnseenPeak& one = unseen_peaks[at];
        const double weight = one.share * mean_s * unseen_instances / (unseen_seen + instances);
        unseen[at] = peak_of(
            word * (1 + asked.spreads[predictor] * one.above) + one.above_bytes,
            {.weight = weight, .penalty = asked.penalty_weight * weight, .penalty_fixed = failure_fixed / mean_s});
    }
    const std::span<LikelyPeak> peaks = merged(std::span(seen).first(ratios.size()), unseen, room.data());
    double sum = 0;
    for (const LikelyPeak& one : peaks) sum += one.weight;
    for (LikelyPeak& one : peaks) one.weight /= sum, one.penalty /= sum;
    return peaks;
}

PeakMixture::Choice PeakMixture::choose(const Asked& asked, const Window& window) const {
    static_assert(predictor_count * likely_most <= likely_peaks_most);
    const WeighedPast weighed_past = weighed(asked);
    std::array<LikelyPeaks, predictor_count> rooms;
    std::array<std::span<LikelyPeak>, predictor_count> likely_by;
    std::array<double, predictor_count> cost{};
    for (std::size_t at = 0; at < predictor_count; ++at) {
        likely_by[at] = likely(at, asked, window, weighed_past, rooms[at]);
        const CheapestAttempt alone = cheapest_attempt(likely_by[at], window.largest(), asked.time_to_failure);
        cost[at] = alone.cost + dear_least * window.median();
    }
    const auto cheapest = static_cast<std::size_t>(std::min_element(cost.begin(), cost.end()) - cost.begin());
    std::array<LikelyPeak, likely_peaks_most> either, other;
    LikelyPeak *room = either.data(), *next_room = other.data();
    std::span<LikelyPeak> all;
    for (std::size_t at = 0; at < predictor_count; ++at) {
        const double weight = std::pow(cost[cheapest] / cost[at], constants_.sharpness);
        if (weight < weight_least) continue;
        for (LikelyPeak& one : likely_by[at]) one.weight *= weight, one.penalty *= weight;
        all = merged(all, likely_by[at], room);
        std::swap(room, next_room);
    }
    return {.bound = cheapest_attempt(all, window.largest(), asked.time_to_failure).bound,
            .predictor = static_cast<Predictor>(cheapest)};
}

}  // namespace plimsoll::forecast
