// SPDX-License-Identifier: Apache-2.0
// Ends what runs left behind whose owner was killed.
//
// Nothing is looked up in a file that a kill could have kept from being written: the name of a run's group
// ("plimsoll/RUN@MARK") and the environment of its processes (PLIMSOLL_OWNER=MARK) say who owns them, from
// their first instant. What belongs to a living owner, or to one that cannot be seen from here, stays; so
// do this process and its ancestors, whatever they carry. Several sweeps at once do no harm.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plimsoll/base/clock.h"
#include "plimsoll/machine/cgroup.h"

namespace plimsoll::machine {

/// The name of the group that holds all groups of a run.
std::string run_group(const std::string& run, const std::string& owner_mark);
/// What the name of a group ends in where it holds what makes a container, beside the attempt's own.
inline constexpr std::string_view maker_suffix = "-maker";

struct Swept {
    std::vector<std::string> runs;  ///< whose leftovers were ended, sorted
    int processes = 0;              ///< killed
    bool had_containers = false;    ///< did one of them make any? Those have yet to be removed
    std::vector<std::string> left;  ///< groups that could not be removed in time, and why
};

/// Reads the environment of every process it may (about 12 us each), and waits `limit` at the most for what it kills.
Swept sweep(const CgroupTree& tree, const Clock& clock, Duration limit = std::chrono::seconds(5));

}  // namespace plimsoll::machine
