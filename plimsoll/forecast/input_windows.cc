// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/forecast/input_windows.h"

#include <algorithm>
#include <cmath>

namespace plimsoll::forecast {

std::size_t InputWindows::window_at(double position) const {
    const double nearest = std::round(2 * static_cast<double>(parts) * position - 1);
    return static_cast<std::size_t>(std::clamp(nearest, 0.0, static_cast<double>(count() - 1)));
}

double position_among(std::span<const double> inputs, double input) {
    const auto [from, to] = std::equal_range(inputs.begin(), inputs.end(), input);
    const auto before = static_cast<double>(from - inputs.begin() + (to - inputs.begin()));
    return inputs.empty() ? 0.5 : before / 2 / static_cast<double>(inputs.size());
}

}  // namespace plimsoll::forecast
