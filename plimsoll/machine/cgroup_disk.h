// SPDX-License-Identifier: Apache-2.0
// Throttles on the disks of a group, in bytes/s of each disk: io.max, or blkio.throttle of v1.
//
// Limits: v1 holds what a process reads itself and what it writes past the cache (O_DIRECT, fsync); what the kernel
// writes later in the background it cannot attribute. Nothing is held on file systems without a disk of their own.
#pragma once

#include <string>
#include <vector>

#include "plimsoll/base/result.h"
#include "plimsoll/base/units.h"
#include "plimsoll/machine/cgroup.h"

namespace plimsoll::machine {

/// The disks of this machine as "8:0", those in memory left out; `root` stands in front of /sys.
std::vector<std::string> disks(const std::string& root = {});

/// Limits reading and writing of every disk; 0 for no limit. unavailable: no controller for it.
Result<void> set_cgroup_disk_limits(const CgroupTree& tree, const std::string& name, Bytes read_per_s,
                                    Bytes write_per_s, const std::string& root = {});

}  // namespace plimsoll::machine
