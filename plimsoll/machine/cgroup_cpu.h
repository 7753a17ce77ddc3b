// SPDX-License-Identifier: Apache-2.0
// The CPU of a group: a share in proportion.
#pragma once

#include <string>

#include "plimsoll/base/units.h"
#include "plimsoll/machine/cgroup.h"

namespace plimsoll::machine {

/// A share of the CPU in proportion to the cores, in the v2 tree; a wish: without the controller nothing happens.
void set_cgroup_cpu_weight(const CgroupTree& tree, const std::string& name, Cores cores);

}  // namespace plimsoll::machine
