// SPDX-License-Identifier: Apache-2.0
// The four models of Sizey for one kind: what each says of a peak from the input.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "benches/sizing/rivals.h"

namespace plimsoll::benches {

/// The mean of the five nearest inputs.
double nearest_neighbours(const Seen& seen, double x);

/// A random forest over one input, of endlessly many trees: a fully grown tree over one variable says what the nearest
/// input of its bootstrap sample had, so the forest says their mean, each weighted by the share of samples in which it
/// is the nearest. Nothing is drawn.
double forest(const Seen& seen, double x);

/// A multilayer perceptron with one hidden layer, trained on by a few epochs with each instance; its first weights are
/// drawn from the seed.
class Perceptron {
public:
    explicit Perceptron(std::uint64_t seed);
    void train(const Seen& seen);
    double at(double x) const;

private:
    static constexpr std::size_t hidden = 8;
    static constexpr std::size_t weights = 3 * hidden + 1;
    using Weights = std::array<double, weights>;
    double forward(double x, std::array<double, hidden>& active) const;
    void descend(double x, double y);

    Weights weights_{}, mean_{}, square_{};  ///< with the moments of Adam
    double steps_ = 0;
    double x_mean_ = 0, x_scale_ = 1, y_mean_ = 0, y_scale_ = 1;
};

}  // namespace plimsoll::benches
