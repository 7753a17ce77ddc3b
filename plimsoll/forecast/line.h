// SPDX-License-Identifier: Apache-2.0
// A straight line by ordinary least squares.
#pragma once

#include <ranges>

namespace plimsoll::forecast {

struct Line {
    double mean_x = 0, mean_y = 0, slope = 0;
    double at(double x) const { return mean_y + slope * (x - mean_x); }
};

/// Of points with an x and a y, of which there is at least one; slope 0 where the xs do not vary. The sums are made
/// afresh: some hundred points take less than a microsecond, and running sums drift.
template <std::ranges::sized_range Points>
Line fitted_line(const Points& points) {
    const auto count = static_cast<double>(std::ranges::size(points));
    double x_sum = 0, y_sum = 0;
    for (const auto& point : points) {
        x_sum += point.x;
        y_sum += point.y;
    }
    Line line{.mean_x = x_sum / count, .mean_y = y_sum / count, .slope = 0};
    double xx = 0, xy = 0;
    for (const auto& point : points) {
        const double dx = point.x - line.mean_x;
        xx += dx * dx;
        xy += dx * (point.y - line.mean_y);
    }
    // Equal xs may leave the rounding of their mean behind: relative 1e-12 of a spread is no spread.
    if (xx > 1e-24 * line.mean_x * line.mean_x * count) line.slope = xy / xx;
    return line;
}

}  // namespace plimsoll::forecast
