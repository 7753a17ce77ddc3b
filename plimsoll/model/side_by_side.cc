// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/model/side_by_side.h"

#include <algorithm>

namespace plimsoll {

int side_by_side(const Resources& each, const Resources& room, int most) {
    const ResourceCounts need = counts_of(each), there = counts_of(room);
    std::int64_t count = most;
    for (std::size_t kind = 0; kind < need.size(); ++kind)
        if (need[kind] > 0) count = std::clamp<std::int64_t>(there[kind] / need[kind], 0, count);
    return static_cast<int>(count);
}

}  // namespace plimsoll
