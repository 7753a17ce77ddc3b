// SPDX-License-Identifier: Apache-2.0
// Memory of a group: its hard limit, the mark below it, and how near it is to both.
//
// v1 has one limit. At it the kernel kills, or, once asked to, lets a page fault wait until the limit is raised;
// what else wants memory (a read() into fresh pages, fork(), a write to tmpfs) then fails in either case.
// v2 kills at memory.max and slows down from memory.high on, so that there is time to raise both.
#pragma once

#include <optional>
#include <string>

#include "plimsoll/base/result.h"
#include "plimsoll/base/units.h"
#include "plimsoll/machine/cgroup.h"

namespace plimsoll::machine {

/// A hard limit on memory, swap included; 0 for none. Live. refused: more than that is in use and cannot be freed;
/// not_found: the group has vanished. The limit is then that of before. A lower one frees page cache first, some
/// 10 GiB/s, so long as it need not be written to disk.
Result<void> set_cgroup_memory_limit(const CgroupTree& tree, const std::string& name, Bytes limit);
/// The hard limit that holds, 0 for none; nothing when it cannot be read.
std::optional<Bytes> cgroup_memory_limit(const CgroupTree& tree, const std::string& name);
/// The limit as the kernel shows it once it is set: whole pages.
Bytes as_cgroup_memory_limit(Bytes limit);

/// Prepares the group for somebody who raises its limit when its need passes `mark`. v1: at the limit it waits
/// instead of being killed. v2: from a little above the mark on its cache is reclaimed and it is slowed down; the
/// little is for what the kernel holds for it beside its need. 0 undoes it.
Result<void> set_cgroup_memory_mark(const CgroupTree& tree, const std::string& name, Bytes mark);

/// How much a group uses of what its limit counts.
struct CgroupMemory {
    Bytes usage{};  ///< all that counts, page cache included
    /// What cannot be reclaimed: anonymous and shared memory; on v2 also the kernel's for the group.
    Bytes need{};
    bool is_stalled = false;  ///< v1: a process waits at the limit
};
std::optional<CgroupMemory> read_cgroup_memory(const CgroupTree& tree, const std::string& name);

/// How often the kernel killed a process of the group for lack of memory; 0 when it cannot be known.
int cgroup_oom_kills(const CgroupTree& tree, const std::string& name);

}  // namespace plimsoll::machine
