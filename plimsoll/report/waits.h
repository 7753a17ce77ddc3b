// SPDX-License-Identifier: Apache-2.0
// Who waited, for what, and who held the machine meanwhile: of each step, and of each queue where there are several.
//
// A wait is the time from when all that an attempt needed was there to its start. Who it waited for is told by what
// was held over that time: cores where cores were short, memory where memory was, by the run's own attempts alone. What
// other runs held is not known, and is no holder's share.
#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "plimsoll/report/attempt_times.h"

namespace plimsoll::report {

/// Of the attempts of one group; those that started at once are left out.
struct Waits {
    std::string group;
    int attempts = 0;
    Duration total{}, longest{};
    std::vector<std::pair<std::string, Duration>> lacks;  ///< as WaitRecord::lack, the longest first
    struct Holder {
        std::string group;
        double share = 0;  ///< of the machine, 0..1: the mean over all that was waited
        bool operator==(const Holder&) const = default;
    };
    std::vector<Holder> holders;  ///< the largest first; those below a hundredth are left out
};

/// What is shorter is the loop's own time between two looks, and nobody's fault.
constexpr Duration shortest_wait = std::chrono::milliseconds(20);

/// The groups that waited the longest first. `times` and `groups` belong to the attempts, in the same order; `capacity`
/// is the machine's, and where it is not known nobody's share is told.
std::vector<Waits> waits_of(std::span<const AttemptRecord> attempts, std::span<const AttemptTimes> times,
                            std::span<const std::string> groups, const Resources& capacity);

}  // namespace plimsoll::report
