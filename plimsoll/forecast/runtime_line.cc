// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/forecast/runtime_line.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <span>
#include <vector>

namespace plimsoll::forecast {
namespace {

constexpr double sizes_differ = 1.3;        ///< inputs that are nearer to each other say nothing of a slope
constexpr std::size_t attempts_most = 120;  ///< the latest; their pairs are a fraction of a millisecond
/// Of the pairs, so many must take longer on more input for that to be more than chance: where none does, half of them
/// do, and of 40 attempts 60 % with a probability of a fortieth (Kendall's tau of 0.2, two deviations).
constexpr double pairs_least = 0.6;
/// A line goes through any two, and nothing would tell how far to trust it.
constexpr std::size_t attempts_least = 3;
constexpr double far_below = 6;                 ///< deviations
constexpr double of_median_deviation = 1.4826;  ///< to a standard deviation, of a normal distribution

double median(std::vector<double>& values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::ranges::nth_element(values, middle);
    return *middle;
}

/// Nothing where inputs hardly differ; 0 where they make no difference.
std::optional<double> median_slope(std::span<const InputRuntime> attempts) {
    std::vector<double> slopes;
    for (std::size_t a = 0; a < attempts.size(); ++a)
        for (std::size_t b = 0; b < a; ++b) {
            const auto [small, large] = std::minmax(attempts[a].bytes, attempts[b].bytes);
            if (large < sizes_differ * small || large <= 0) continue;
            slopes.push_back((attempts[a].runtime_s - attempts[b].runtime_s) / (attempts[a].bytes - attempts[b].bytes));
        }
    if (slopes.empty()) return std::nullopt;
    const auto rising = std::ranges::count_if(slopes, [](double slope) { return slope > 0; });
    return static_cast<double>(rising) < pairs_least * static_cast<double>(slopes.size()) ? 0 : median(slopes);
}

double median_of(std::span<const InputRuntime> attempts, const auto& value) {
    std::vector<double> values;
    for (const InputRuntime& attempt : attempts) values.push_back(value(attempt));
    return median(values);
}

/// The standard error of what is left of the runtimes at no input, by how far attempts lie from the line.
double error_of_rest(std::span<const InputRuntime> attempts, double slope, double rest) {
    const auto count = static_cast<double>(attempts.size());
    const double deviation =
        of_median_deviation * std::sqrt(count / (count - 2)) * median_of(attempts, [&](const InputRuntime& each) {
            return std::abs(each.runtime_s - rest - slope * each.bytes);
        });
    double mean = 0, squares = 0;
    for (const InputRuntime& each : attempts) mean += each.bytes / count;
    for (const InputRuntime& each : attempts) squares += (each.bytes - mean) * (each.bytes - mean);
    return deviation * std::sqrt(1 / count + mean * mean / squares);
}

/// What to expect of a quantity that was estimated with that standard error, and that cannot be less than nothing: the
/// mean of the normal distribution above it.
double mean_above_zero(double estimate, double error) {
    if (error <= 0) return std::max(0.0, estimate);
    const double lowest = -estimate / error;
    if (lowest > far_below) return error / lowest;  // the tail's mean: both terms below vanish
    const double density = std::exp(-lowest * lowest / 2) / std::sqrt(2 * std::numbers::pi);
    const double above = std::erfc(lowest / std::numbers::sqrt2) / 2;
    return estimate + error * density / above;
}

}  // namespace

std::optional<RuntimeLine> runtime_line(std::vector<InputRuntime> attempts) {
    std::erase_if(attempts, [](const InputRuntime& attempt) { return attempt.bytes <= 0; });
    if (attempts.empty()) return std::nullopt;
    const std::span<const InputRuntime> latest = std::span(attempts).last(std::min(attempts.size(), attempts_most));
    RuntimeLine line;
    line.per_byte_s = median_of(latest, [](const InputRuntime& each) { return each.runtime_s / each.bytes; });
    const auto slope = latest.size() < attempts_least ? std::nullopt : median_slope(latest);
    if (slope) {
        const double rest =
            median_of(latest, [&](const InputRuntime& each) { return each.runtime_s - *slope * each.bytes; });
        const double start_up = *slope > 0 ? mean_above_zero(rest, error_of_rest(latest, *slope, rest)) : rest;
        line.start_up_s = start_up;
        line.per_byte_s = *slope > 0 ? median_of(latest,
                                                 [&](const InputRuntime& each) {
                                                     return std::max(0.0, each.runtime_s - start_up) / each.bytes;
                                                 })
                                     : 0;
    }
    line.spread = of_median_deviation * median_of(latest, [&](const InputRuntime& each) {
                      return std::abs(each.runtime_s / line.at(each.bytes) - 1);
                  });
    return line;
}

}  // namespace plimsoll::forecast
