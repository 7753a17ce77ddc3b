// SPDX-License-Identifier: Apache-2.0
// Control groups: where the kernel shows them, which of them we may use, and what is done to one of ours.
//
// A group has one name and stands in several hierarchies under it. With v1 there is a hierarchy per
// controller; with v2 there is one. Many machines have both: the controllers in v1, and beside them an
// empty v2 tree that still gives kill, freeze, CPU time and pressure per group (the hybrid).
//
// Groups go to the top of a hierarchy where we may write there, so that they do not pile up in the group
// of a login session. But limits that somebody set around us stay around our tasks too: where a group
// that holds us has a memory limit, or is itself one of ours (Plimsoll within Plimsoll), groups go there.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plimsoll/base/result.h"
#include "plimsoll/model/limits.h"

namespace plimsoll::machine {

enum class CgroupKind {
    none,    ///< no hierarchy in which we may make groups
    v1,      ///< controllers in hierarchies of their own, no v2 tree
    hybrid,  ///< v1 controllers, and a v2 tree without them
    v2,      ///< one tree with the controllers in it
};
/// "none", "cgroup-v1", "hybrid", "cgroup-v2": as in Profile::source.
std::string_view name_of(CgroupKind kind);

/// For each hierarchy the folder in which our groups stand ("" when we have no use of it). With v2 the
/// controllers' folders are `unified` itself, or "" where the controller is not handed down to us.
struct CgroupTree {
    CgroupKind kind = CgroupKind::none;
    std::string memory;
    std::string cpu;
    std::string cpuacct;
    std::string cpuset;
    std::string blkio;                     ///< v1 only
    std::string freezer;                   ///< v1 only
    std::string unified;                   ///< v2: kill, freeze, cpu.stat, pressure
    std::vector<std::string> others = {};  ///< v1: in which only what containers are made by stands, such as pids
    bool operator==(const CgroupTree&) const = default;

    /// Is the memory controller one of v1 (memory.limit_in_bytes) rather than v2 (memory.max)?
    bool is_memory_v1() const { return !memory.empty() && memory != unified; }
    /// The hierarchies an attempt's group stands in: that of v2, and those of v1 which limit, count or stop
    /// what v2 does not: memory, and cpuacct and freezer where there is no v2.
    std::vector<std::string> hierarchies() const;
    /// And those of v1 without which it could not be held to these limits; every other attempt is spared their cost.
    std::vector<std::string> hierarchies(const Limits& limits) const;
    /// Every hierarchy in which a group of ours may stand.
    std::vector<std::string> all_hierarchies() const;
};

/// What this process may use. `root` goes in front of /proc and of the mount points ("" on a machine).
CgroupTree find_cgroups(const std::string& root = {});

/// Where the folder stands in its hierarchy, as seen from the mount: "" for the mount itself.
std::string path_in_mount(const std::string& folder, const std::string& root = {});

/// Under which folder in each hierarchy all of Plimsoll's groups stand.
inline constexpr std::string_view cgroup_top = "plimsoll";

/// Makes the group `name` ("plimsoll/RUN/12.1") and what is missing above it in every hierarchy that these limits
/// need, hands the v2 controllers down to it, and undoes what it made when a part fails. A group that is
/// there already is good.
Result<void> make_cgroup(const CgroupTree& tree, const std::string& name, const Limits& limits = {});
/// Makes the group in every hierarchy there is: whatever a container's runtime makes lies beneath it.
Result<void> make_cgroup_everywhere(const CgroupTree& tree, const std::string& name);
/// The same for a group beside one that make_cgroup made: one mkdir per hierarchy.
Result<void> make_cgroup_in_parent(const CgroupTree& tree, const std::string& name, const Limits& limits = {});
/// Removes the group and those beneath it, in every hierarchy. refused: processes are left in it.
/// A group that is not there is removed.
Result<void> remove_cgroup(const CgroupTree& tree, const std::string& name);

/// Removes the group where it holds neither processes nor groups, as the top one once the last run has ended.
void remove_cgroup_if_empty(const CgroupTree& tree, const std::string& name);

/// The names of the groups directly beneath one, in one hierarchy.
std::vector<std::string> subgroups(const std::string& hierarchy, const std::string& name);

/// Is no process in the group, nor in those beneath it?
bool is_cgroup_empty(const CgroupTree& tree, const std::string& name);
/// The processes in the group and in those beneath it.
std::vector<int> cgroup_processes(const CgroupTree& tree, const std::string& name);
/// The same as one hierarchy has it.
std::vector<int> cgroup_processes_in(const std::string& hierarchy, const std::string& name);
/// SIGKILL to every process of the group and of those beneath it, frozen or not. One that forks meanwhile may need
/// another call where there is no cgroup.kill: call until the group is empty.
void kill_cgroup(const CgroupTree& tree, const std::string& name);
/// Sends the signal to every process of the group and of those beneath it, once.
void signal_cgroup(const CgroupTree& tree, const std::string& name, int signal);

}  // namespace plimsoll::machine
