// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/machine/cgroup_cpu.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include "plimsoll/base/file.h"
#include "plimsoll/base/probe.h"
#include "plimsoll/machine/cgroup_file.h"
#include "plimsoll/machine/cpu_list.h"

namespace plimsoll::machine {
namespace {

// The kernel's own; it takes no quota below 1 ms.
constexpr long period_us = 100'000;
constexpr long least_quota_us = 1'000;

bool is_v2(const CgroupTree& tree, const std::string& hierarchy) { return hierarchy == tree.unified; }

std::string parent_of(const std::string& folder) { return folder.substr(0, folder.rfind('/')); }

std::vector<int> cpus_in(const std::string& file) { return parse_cpu_list(read_file(file).value_or("")); }

/// How many of the groups of attempts have each core to themselves, but for the group that asks.
std::map<int, int> uses_of_cpus(const std::string& hierarchy, const std::string& folder) {
    std::map<int, int> uses;
    const std::string top = hierarchy + "/" + std::string(cgroup_top);
    for (const std::string& run : folders_in(top))
        for (const std::string& attempt : folders_in(top + "/" + run)) {
            const std::string each = top + "/" + run + "/" + attempt;
            if (each == folder) continue;
            for (const int cpu : cpus_in(each + "/cpuset.cpus")) uses[cpu] += 2;
        }
    // Its own come first among equals: moving costs what the caches hold.
    for (const int cpu : cpus_in(folder + "/cpuset.cpus")) uses[cpu] -= 1;
    return uses;
}

}  // namespace

void set_cgroup_cpu_weight(const CgroupTree& tree, const std::string& name, Cores cores) {
    if (tree.cpu.empty()) return;
    const std::string folder = tree.cpu + "/" + name;
    // The kernel's default of 100, in v1 of 1024, is one core; its range is 1 to 10,000, in v1 2 to 262,144.
    if (is_v2(tree, tree.cpu))
        (void)write_group_file(folder, "cpu.weight",
                               std::to_string(std::clamp(std::lround(cores.count * 100), 1L, 10'000L)));
    else
        (void)write_group_file(folder, "cpu.shares",
                               std::to_string(std::clamp(std::lround(cores.count * 1024), 2L, 262'144L)));
}

Result<void> set_cgroup_cpu_quota(const CgroupTree& tree, const std::string& name, Cores cores) {
    if (tree.cpu.empty()) return unavailable("no cpu controller that this user may use");
    const std::string folder = tree.cpu + "/" + name;
    const bool is_limited = cores > Cores{};
    const std::string quota = std::to_string(std::max(std::lround(cores.count * period_us), least_quota_us));
    if (is_v2(tree, tree.cpu))
        return write_group_file(folder, "cpu.max", (is_limited ? quota : "max") + " " + std::to_string(period_us));
    PLIM_TRY(write_group_file(folder, "cpu.cfs_period_us", std::to_string(period_us)));
    return write_group_file(folder, "cpu.cfs_quota_us", is_limited ? quota : "-1");
}

Result<void> set_cgroup_cpus(const CgroupTree& tree, const std::string& name, Cores cores) {
    if (tree.cpuset.empty()) return unavailable("no cpuset controller that this user may use");
    const std::string folder = tree.cpuset + "/" + name;
    // v2 hands the controller down only where somebody asks for it.
    if (is_v2(tree, tree.cpuset)) hand_down_controller(tree.cpuset, name, "cpuset");
    const char* const all_file = is_v2(tree, tree.cpuset) ? "/cpuset.cpus.effective" : "/cpuset.cpus";
    const std::vector<int> all = cpus_in(parent_of(folder) + all_file);
    if (all.empty()) return unavailable("the cpuset controller does not tell which cores there are");
    const auto count = cores > Cores{} ? static_cast<std::size_t>(std::ceil(cores.count)) : all.size();
    const std::vector<int> taken = least_used(all, uses_of_cpus(tree.cpuset, folder), count);
    return write_group_file(folder, "cpuset.cpus", format_cpu_list(taken));
}

Result<void> set_cgroup_cpu(const CgroupTree& tree, const std::string& name, Cores cores, CpuLimit how) {
    if (how == CpuLimit::weight) {
        set_cgroup_cpu_weight(tree, name, cores);
        return {};
    }
    Result<void> set = how == CpuLimit::quota ? set_cgroup_cpu_quota(tree, name, cores)  //
                                              : set_cgroup_cpus(tree, name, cores);
    if (set || set.error().kind != ErrorKind::unavailable) return set;
    PLIM_PROBE("a quota or a cpuset is not to be had");
    set_cgroup_cpu_weight(tree, name, cores);
    return unavailable(std::string(how == CpuLimit::quota ? "no CPU quota" : "no cores of its own") + " (" +
                       set.error().message + "): a share in proportion instead");
}

void free_cgroup_cpu(const CgroupTree& tree, const std::string& name, CpuLimit how) {
    if (how == CpuLimit::quota) (void)set_cgroup_cpu_quota(tree, name, {});
    if (how == CpuLimit::cpuset) (void)set_cgroup_cpus(tree, name, {});
}

}  // namespace plimsoll::machine
