// SPDX-License-Identifier: Apache-2.0
#include "benches/sizing/sizey_models.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>
#include <utility>

#include "plimsoll/base/random.h"

namespace plimsoll::benches {
namespace {

constexpr std::size_t neighbours = 5;
constexpr double negligible = 1e-4;  ///< share of the bootstrap samples
constexpr int epochs = 10;           ///< with each instance
constexpr std::size_t trained_most = 100;
constexpr double rate = 0.01;

std::vector<std::size_t> by_distance(const Seen& seen, double x) {
    std::vector<std::size_t> order(seen.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](std::size_t left, std::size_t right) {
        return std::abs(seen.x[left] - x) < std::abs(seen.x[right] - x);
    });
    return order;
}

std::pair<double, double> mean_and_deviation(const std::vector<double>& values) {
    const auto count = static_cast<double>(values.size());
    double mean = 0, squares = 0;
    for (const double value : values) mean += value / count;
    for (const double value : values) squares += (value - mean) * (value - mean) / count;
    return {mean, squares > 0 ? std::sqrt(squares) : 1};
}

}  // namespace

double nearest_neighbours(const Seen& seen, double x) {
    const std::vector<std::size_t> order = by_distance(seen, x);
    const std::size_t count = std::min(neighbours, order.size());
    double sum = 0;
    for (std::size_t at = 0; at < count; ++at) sum += seen.y[order[at]];
    return sum / static_cast<double>(count);
}

double forest(const Seen& seen, double x) {
    const std::vector<std::size_t> order = by_distance(seen, x);
    const auto count = static_cast<double>(order.size());
    double said = 0, left = 1;  // of the samples, those without any that is nearer
    for (std::size_t from = 0; from < order.size() && left > negligible;) {
        std::size_t to = from;
        double sum = 0;
        while (to < order.size() && seen.x[order[to]] == seen.x[order[from]]) sum += seen.y[order[to++]];
        const double without = std::pow(1 - static_cast<double>(to) / count, count);
        said += (left - without) * sum / static_cast<double>(to - from);
        left = without;
        from = to;
    }
    return said / (1 - left);
}

Perceptron::Perceptron(std::uint64_t seed) {
    Rng rng(seed);
    for (double& weight : weights_) weight = 0.5 * rng.normal();
}

double Perceptron::forward(double x, std::array<double, hidden>& active) const {
    double said = weights_.back();
    for (std::size_t unit = 0; unit < hidden; ++unit) {
        active[unit] = std::tanh(weights_[3 * unit] * x + weights_[3 * unit + 1]);
        said += weights_[3 * unit + 2] * active[unit];
    }
    return said;
}

/// One step of Adam on the squared error.
void Perceptron::descend(double x, double y) {
    constexpr double keep_mean = 0.9, keep_square = 0.999;
    std::array<double, hidden> active{};
    const double error = forward(x, active) - y;
    Weights slope{};
    slope.back() = error;
    for (std::size_t unit = 0; unit < hidden; ++unit) {
        const double behind = error * weights_[3 * unit + 2] * (1 - active[unit] * active[unit]);
        slope[3 * unit] = behind * x;
        slope[3 * unit + 1] = behind;
        slope[3 * unit + 2] = error * active[unit];
    }
    ++steps_;
    const double mean_so_far = 1 - std::pow(keep_mean, steps_), square_so_far = 1 - std::pow(keep_square, steps_);
    for (std::size_t at = 0; at < weights; ++at) {
        mean_[at] = keep_mean * mean_[at] + (1 - keep_mean) * slope[at];
        square_[at] = keep_square * square_[at] + (1 - keep_square) * slope[at] * slope[at];
        weights_[at] -= rate * (mean_[at] / mean_so_far) / (std::sqrt(square_[at] / square_so_far) + 1e-8);
    }
}

void Perceptron::train(const Seen& seen) {
    std::tie(x_mean_, x_scale_) = mean_and_deviation(seen.x);
    std::tie(y_mean_, y_scale_) = mean_and_deviation(seen.y);
    const std::size_t from = seen.size() > trained_most ? seen.size() - trained_most : 0;
    for (int epoch = 0; epoch < epochs; ++epoch)
        for (std::size_t at = from; at < seen.size(); ++at)
            descend((seen.x[at] - x_mean_) / x_scale_, (seen.y[at] - y_mean_) / y_scale_);
}

double Perceptron::at(double x) const {
    std::array<double, hidden> active{};
    return y_mean_ + y_scale_ * forward((x - x_mean_) / x_scale_, active);
}

}  // namespace plimsoll::benches
