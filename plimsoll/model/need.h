// SPDX-License-Identifier: Apache-2.0
// Need: amounts over a reservation's own time, counted once so that they can be compared with a calendar often.
#pragma once

#include <compare>
#include <span>
#include <vector>

#include "plimsoll/model/plan.h"

namespace plimsoll {

struct Need {
    struct Stretch {
        Duration until{};  ///< from the start; the last one lasts to the end
        ResourceCounts counts{};
        auto operator<=>(const Stretch&) const = default;
    };
    ResourceCounts most{};
    /// Each differs from the one before and is longer than nothing. Empty: the most throughout.
    std::vector<Stretch> stretches;
    auto operator<=>(const Need&) const = default;

    const ResourceCounts& at_start() const { return stretches.empty() ? most : stretches.front().counts; }
};

/// The same need, however it was cut into phases.
Need need_of(const Resources& amounts, std::span<const Phase> phases = {});

}  // namespace plimsoll
