// SPDX-License-Identifier: Apache-2.0
// What a share of all measured figures stays below.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>

namespace plimsoll::benches {

/// The figure that so large a share of all is no larger than; 0 of none.
inline double percentile(std::span<const double> ascending, double share) {
    if (ascending.empty()) return 0;
    const auto at = static_cast<std::size_t>(share * static_cast<double>(ascending.size()));
    return ascending[std::min(ascending.size() - 1, at)];
}

}  // namespace plimsoll::benches
