// SPDX-License-Identifier: Apache-2.0
// A program's life along its curves, on a time of its own.
#pragma once

#include <functional>
#include <optional>

#include "curve.h"
#include "flow.h"
#include "memory.h"
#include "plimsoll/base/clock.h"

namespace plimsoll::load {

struct Curves {
    Curve memory;
    Curve cores;
    Curve disk_read;   ///< bytes/s
    Curve disk_write;  ///< bytes/s
};
Duration end_of(const Curves& curves);
double most_of(const Curve& curve);

/// What follows the curves. Without a disk its curve stays unfollowed.
struct Follower {
    Memory& memory;
    Burner& burner;
    std::optional<DiskReader>& reader;
    std::optional<DiskWriter>& writer;
};

/// The longest that own time advances from one look to the next.
inline constexpr Duration look_most = std::chrono::milliseconds(50);
inline constexpr Duration look = std::chrono::milliseconds(20);

struct Followed {
    Bytes held_most{};
    Duration own{};
    Duration wall{};
};

/// From own time 0 to the end of all curves. `wait` lets about so much of the clock's time pass. The first failure ends
/// it, told with the own time of its occurrence.
Result<Followed> follow(const Curves& curves, const Follower& follower, const Clock& clock,
                        const std::function<void(Duration)>& wait);

}  // namespace plimsoll::load
