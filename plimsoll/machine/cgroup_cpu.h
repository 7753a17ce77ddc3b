// SPDX-License-Identifier: Apache-2.0
// The CPU of a group: a share in proportion, a quota, or cores of its own.
#pragma once

#include <string>

#include "plimsoll/base/result.h"
#include "plimsoll/base/units.h"
#include "plimsoll/machine/cgroup.h"
#include "plimsoll/model/limits.h"

namespace plimsoll::machine {

/// A share of the CPU in proportion to the cores; a wish: without the controller nothing happens.
void set_cgroup_cpu_weight(const CgroupTree& tree, const std::string& name, Cores cores);
/// Never more CPU time than this; 0 for no such limit.
Result<void> set_cgroup_cpu_quota(const CgroupTree& tree, const std::string& name, Cores cores);
/// Whole cores, those which the fewest of Plimsoll's groups on this machine have to themselves; 0 for all. It
/// keeps those it has so far as they do.
Result<void> set_cgroup_cpus(const CgroupTree& tree, const std::string& name, Cores cores);

/// Holds a group to its cores in one of these ways. Where the controller for it is missing it gets a share in
/// proportion instead, and an error that says so.
Result<void> set_cgroup_cpu(const CgroupTree& tree, const std::string& name, Cores cores, CpuLimit how);
/// Takes a quota or cores of its own back.
void free_cgroup_cpu(const CgroupTree& tree, const std::string& name, CpuLimit how);

}  // namespace plimsoll::machine
