// SPDX-License-Identifier: Apache-2.0
// Holds a group to Limits: at its start, and whenever they change.
#pragma once

#include <string>

#include "plimsoll/base/result.h"
#include "plimsoll/machine/cgroup.h"
#include "plimsoll/model/limits.h"

namespace plimsoll::machine {

/// Writes what differs from `held`, in an order in which no limit is ever narrower than both the old and the new
/// ones, and notes in `held` what holds from then on. Goes on after an error, and gives the first one: refused, more
/// memory than that is in use; not_found, the group has vanished; unavailable, no permission or no such controller.
/// Without a memory controller memory is not limited, and without that of the CPU there are no weights: no error.
/// A limit on the CPU or the disks that cannot be had is an error once, not at each later write.
Result<void> write_cgroup_limits(const CgroupTree& tree, const std::string& name, const Limits& wanted, Limits& held);

}  // namespace plimsoll::machine
