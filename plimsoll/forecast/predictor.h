// SPDX-License-Identifier: Apache-2.0
// Predictors of the peak of one kind, and what they say.
//
// | power   | peak grows as a power of the input; where that cannot be told yet, a little less than in proportion |
// | median  | of the peaks                                                                                         |
// | line    | a straight line over the input                                                                       |
// | nearest | the largest peak among the three inputs of the most similar size                                     |
// | local   | the mean of those with an input of nearly that size                                                  |
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace plimsoll::forecast {

enum class Predictor { power, median, line, nearest, local };
constexpr std::size_t predictor_count = 5;

constexpr std::string_view name_of(Predictor predictor) {
    constexpr std::array<std::string_view, predictor_count> names = {"power", "median", "line", "nearest", "local"};
    return names[static_cast<std::size_t>(predictor)];
}

/// What each says of one input, in bytes.
using Words = std::array<double, predictor_count>;

}  // namespace plimsoll::forecast
