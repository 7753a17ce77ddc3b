// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/machine/cgroup.h"

#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>

#include "plimsoll/base/file.h"
#include "plimsoll/base/probe.h"
#include "plimsoll/machine/cgroup_file.h"
#include "plimsoll/machine/proc_numbers.h"

namespace plimsoll::machine {
namespace {

/// v1: nobody may enter a group that has no cores and no memory nodes, as each has that is made.
void give_cpus(const std::string& folder) {
    const std::string parent = folder.substr(0, folder.rfind('/'));
    for (const char* file : {"/cpuset.cpus", "/cpuset.mems"}) {
        const auto own = read_file(folder + file);
        const auto all = read_file(parent + file);
        if (own && all && own->find_first_not_of('\n') == std::string::npos)
            (void)write_kernel_file(folder + file, *all);
    }
}

Result<void> make_folder(const CgroupTree& tree, const std::string& hierarchy, const std::string& folder) {
    if (::mkdir(folder.c_str(), 0755) != 0 && errno != EEXIST) return system_error("make the group " + folder);
    if (hierarchy == tree.cpuset && hierarchy != tree.unified) give_cpus(folder);
    return {};
}

/// Hands the controllers that limit and count down to the groups in `folder`. One by one: where one is
/// missing the others still work, and what is missing shows as a file that is not there.
void hand_down_controllers(const std::string& folder) {
    for (const char* controller : {"+memory", "+cpu", "+io"})
        (void)write_kernel_file(folder + "/cgroup.subtree_control", controller);
}

Result<void> make_path(const CgroupTree& tree, const std::string& hierarchy, const std::string& name) {
    const bool has_controllers = hierarchy == tree.unified && (tree.memory == hierarchy || tree.cpu == hierarchy);
    std::string parent = hierarchy;
    for (std::size_t slash = 0; slash != std::string::npos;) {
        slash = name.find('/', slash + 1);
        if (has_controllers) hand_down_controllers(parent);
        parent = hierarchy + "/" + name.substr(0, slash);
        PLIM_TRY(make_folder(tree, hierarchy, parent));
    }
    return {};
}

/// Removes the folder of one group and of those beneath it.
Result<void> remove_folder(const std::string& folder) {
    if (::rmdir(folder.c_str()) == 0 || errno == ENOENT) return {};
    if (errno == EBUSY || errno == ENOTEMPTY) {
        for (const std::string& below : folders_in(folder)) PLIM_TRY(remove_folder(folder + "/" + below));
        if (::rmdir(folder.c_str()) == 0 || errno == ENOENT) return {};
    }
    if (errno == EBUSY || errno == ENOTEMPTY)
        return Error{ErrorKind::refused, "cannot remove the group " + folder + ": processes are left in it"};
    return system_error("remove the group " + folder);
}

Result<void> make_in(const std::vector<std::string>& hierarchies, const CgroupTree& tree, const std::string& name) {
    for (const std::string& hierarchy : hierarchies) {
        Result<void> made = make_path(tree, hierarchy, name);
        // Another Plimsoll that ends removes the top when it is empty, perhaps just now.
        for (int again = 0; !made && made.error().kind == ErrorKind::not_found && again < 8; ++again) {
            PLIM_PROBE("the top group vanished while a group was made in it");
            made = make_path(tree, hierarchy, name);
        }
        if (made) continue;
        (void)remove_cgroup(tree, name);
        return made;
    }
    return {};
}

void add_processes(const std::string& folder, std::vector<int>& pids) {
    if (const auto text = read_file(folder + "/cgroup.procs")) {
        std::string_view rest = *text;
        while (const auto pid = take_number(rest)) {
            // 0 stands for a process of a pid namespace that we cannot see into.
            if (*pid > 0) pids.push_back(static_cast<int>(*pid));
            take_line(rest);
        }
    }
    for (const std::string& below : folders_in(folder)) add_processes(folder + "/" + below, pids);
}

/// The hierarchy that says which processes are in a group: in v2 a process is in it from its first instant.
const std::string& deciding_hierarchy(const CgroupTree& tree) {
    return !tree.unified.empty() ? tree.unified : !tree.memory.empty() ? tree.memory : tree.cpuacct;
}

/// In v1 a frozen process dies only once it is thawed. Groups beneath may be frozen on their own.
void thaw_for_good(const std::string& folder) {
    (void)write_group_file(folder, "freezer.state", "THAWED");
    for (const std::string& below : folders_in(folder)) thaw_for_good(folder + "/" + below);
}

/// Are these limits such that v1 needs a hierarchy for them alone?
bool throttles_disks(const Limits& limits) { return limits.disk_read > Bytes{} || limits.disk_write > Bytes{}; }
bool has_cpu_limit(const Limits& limits, CpuLimit how) { return limits.cpu > Cores{} && limits.cpu_by == how; }

void add_once(std::vector<std::string>& hierarchies, const std::string& hierarchy) {
    if (hierarchy.empty() || std::find(hierarchies.begin(), hierarchies.end(), hierarchy) != hierarchies.end()) return;
    hierarchies.push_back(hierarchy);
}

}  // namespace

std::vector<std::string> CgroupTree::hierarchies() const {
    std::vector<std::string> found;
    add_once(found, unified);
    add_once(found, memory);
    if (!unified.empty()) return found;
    add_once(found, cpuacct);
    add_once(found, freezer);
    return found;
}

std::vector<std::string> CgroupTree::hierarchies(const Limits& limits) const {
    std::vector<std::string> found = hierarchies();
    const bool wants_cpuset = has_cpu_limit(limits, CpuLimit::cpuset);
    if (wants_cpuset) add_once(found, cpuset);
    if (has_cpu_limit(limits, CpuLimit::quota) || (wants_cpuset && cpuset.empty())) add_once(found, cpu);
    if (throttles_disks(limits)) add_once(found, blkio);
    return found;
}

std::vector<std::string> CgroupTree::all_hierarchies() const {
    std::vector<std::string> found = hierarchies();
    for (const std::string* hierarchy : {&cpu, &cpuset, &blkio}) add_once(found, *hierarchy);
    for (const std::string& hierarchy : others) add_once(found, hierarchy);
    return found;
}

Result<void> make_cgroup(const CgroupTree& tree, const std::string& name, const Limits& limits) {
    return make_in(tree.hierarchies(limits), tree, name);
}

Result<void> make_cgroup_everywhere(const CgroupTree& tree, const std::string& name) {
    return make_in(tree.all_hierarchies(), tree, name);
}

Result<void> make_cgroup_in_parent(const CgroupTree& tree, const std::string& name, const Limits& limits) {
    for (const std::string& hierarchy : tree.hierarchies(limits)) {
        const Result<void> made = make_folder(tree, hierarchy, hierarchy + "/" + name);
        if (made) continue;
        (void)remove_cgroup(tree, name);
        return made;
    }
    return {};
}

Result<void> remove_cgroup(const CgroupTree& tree, const std::string& name) {
    Result<void> all;
    for (const std::string& hierarchy : tree.all_hierarchies())
        if (auto removed = remove_folder(hierarchy + "/" + name); !removed) all = removed;
    return all;
}

void remove_cgroup_if_empty(const CgroupTree& tree, const std::string& name) {
    for (const std::string& hierarchy : tree.all_hierarchies()) ::rmdir((hierarchy + "/" + name).c_str());
}

std::vector<std::string> subgroups(const std::string& hierarchy, const std::string& name) {
    return folders_in(hierarchy + "/" + name);
}

bool is_cgroup_empty(const CgroupTree& tree, const std::string& name) {
    if (!tree.unified.empty())
        return number_in(tree.unified + "/" + name + "/cgroup.events", "populated").value_or(0) == 0;
    return cgroup_processes(tree, name).empty();
}

std::vector<int> cgroup_processes_in(const std::string& hierarchy, const std::string& name) {
    std::vector<int> pids;
    add_processes(hierarchy + "/" + name, pids);
    return pids;
}

std::vector<int> cgroup_processes(const CgroupTree& tree, const std::string& name) {
    return cgroup_processes_in(deciding_hierarchy(tree), name);
}

void kill_cgroup(const CgroupTree& tree, const std::string& name) {
    if (!tree.unified.empty() && write_kernel_file(tree.unified + "/" + name + "/cgroup.kill", "1")) return;
    signal_cgroup(tree, name, SIGKILL);
    if (!tree.freezer.empty()) thaw_for_good(tree.freezer + "/" + name);
}

void signal_cgroup(const CgroupTree& tree, const std::string& name, int signal) {
    for (const int pid : cgroup_processes(tree, name)) ::kill(pid, signal);
}

}  // namespace plimsoll::machine
