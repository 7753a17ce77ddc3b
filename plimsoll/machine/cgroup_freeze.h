// SPDX-License-Identifier: Apache-2.0
// Stops all processes of a group where they stand, and lets them go on: cgroup.freeze in the v2 tree, the freezer
// hierarchy of v1 where there is none. What is frozen can be killed (v1: by kill_cgroup, which thaws it).
#pragma once

#include <string>

#include "plimsoll/base/result.h"
#include "plimsoll/machine/cgroup.h"

namespace plimsoll::machine {

/// Can groups of this tree be frozen?
bool can_freeze(const CgroupTree& tree);
/// Returns at once; the processes stop within milliseconds, one that waits in the kernel once it leaves it.
/// not_found: the group has vanished. Frozen again, or thawed again, is no error.
Result<void> freeze_cgroup(const CgroupTree& tree, const std::string& name);
Result<void> thaw_cgroup(const CgroupTree& tree, const std::string& name);
/// Do all processes of the group stand still?
bool is_cgroup_frozen(const CgroupTree& tree, const std::string& name);

}  // namespace plimsoll::machine
