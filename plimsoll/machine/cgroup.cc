// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/machine/cgroup.h"

#include <dirent.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdint>
#include <memory>

#include "plimsoll/base/file.h"
#include "plimsoll/base/probe.h"
#include "plimsoll/machine/proc_numbers.h"

namespace plimsoll::machine {
namespace {

std::vector<std::string> folder_names(const std::string& folder) {
    std::vector<std::string> found;
    const std::unique_ptr<DIR, int (*)(DIR*)> open(::opendir(folder.c_str()), ::closedir);
    if (!open) return found;
    while (const dirent* entry = ::readdir(open.get()))
        if (entry->d_type == DT_DIR && entry->d_name[0] != '.') found.emplace_back(entry->d_name);
    return found;
}

Result<void> make_folder(const std::string& folder) {
    if (::mkdir(folder.c_str(), 0755) == 0 || errno == EEXIST) return {};
    return system_error("make the group " + folder);
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
        PLIM_TRY(make_folder(parent));
    }
    return {};
}

/// Removes the folder of one group and of those beneath it.
Result<void> remove_folder(const std::string& folder) {
    if (::rmdir(folder.c_str()) == 0 || errno == ENOENT) return {};
    if (errno == EBUSY || errno == ENOTEMPTY) {
        for (const std::string& below : folder_names(folder)) PLIM_TRY(remove_folder(folder + "/" + below));
        if (::rmdir(folder.c_str()) == 0 || errno == ENOENT) return {};
    }
    if (errno == EBUSY || errno == ENOTEMPTY)
        return Error{ErrorKind::refused, "cannot remove the group " + folder + ": processes are left in it"};
    return system_error("remove the group " + folder);
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
    for (const std::string& below : folder_names(folder)) add_processes(folder + "/" + below, pids);
}

/// The hierarchy that says which processes are in a group: in v2 a process is in it from its first instant.
const std::string& deciding_hierarchy(const CgroupTree& tree) {
    return !tree.unified.empty() ? tree.unified : !tree.memory.empty() ? tree.memory : tree.cpuacct;
}

std::optional<std::uint64_t> number_named(const std::string& file, std::string_view name) {
    const auto text = read_file(file);
    if (!text) return std::nullopt;
    std::uint64_t number = 0;
    const WantedNumber wanted[] = {{name, &number}};
    return read_numbers(*text, wanted) == 1 ? std::optional(number) : std::nullopt;
}

}  // namespace

std::vector<std::string> CgroupTree::hierarchies() const {
    std::vector<std::string> found;
    if (!unified.empty()) found.push_back(unified);
    if (is_memory_v1()) found.push_back(memory);
    if (unified.empty() && !cpuacct.empty() && cpuacct != memory) found.push_back(cpuacct);
    return found;
}

Result<void> make_cgroup(const CgroupTree& tree, const std::string& name) {
    for (const std::string& hierarchy : tree.hierarchies()) {
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

Result<void> make_cgroup_in_parent(const CgroupTree& tree, const std::string& name) {
    for (const std::string& hierarchy : tree.hierarchies()) {
        const Result<void> made = make_folder(hierarchy + "/" + name);
        if (made) continue;
        (void)remove_cgroup(tree, name);
        return made;
    }
    return {};
}

Result<void> remove_cgroup(const CgroupTree& tree, const std::string& name) {
    Result<void> all;
    for (const std::string& hierarchy : tree.hierarchies())
        if (auto removed = remove_folder(hierarchy + "/" + name); !removed) all = removed;
    return all;
}

void remove_cgroup_if_empty(const CgroupTree& tree, const std::string& name) {
    for (const std::string& hierarchy : tree.hierarchies()) ::rmdir((hierarchy + "/" + name).c_str());
}

std::vector<std::string> subgroups(const std::string& hierarchy, const std::string& name) {
    return folder_names(hierarchy + "/" + name);
}

Result<void> set_cgroup_memory_limit(const CgroupTree& tree, const std::string& name, Bytes limit) {
    const std::string folder = tree.memory + "/" + name;
    const std::string text = std::to_string(limit.count);
    if (!tree.is_memory_v1()) {
        // Swap would let a task outgrow its limit unseen. Without swap the file is not there.
        (void)write_kernel_file(folder + "/memory.swap.max", "0");
        return write_kernel_file(folder + "/memory.max", text);
    }
    // Where swap is not accounted for, the file is not there.
    const std::string with_swap = folder + "/memory.memsw.limit_in_bytes";
    // Memory may never exceed memory and swap: a lower limit goes in first, a higher one last.
    if (const auto lowered = write_kernel_file(folder + "/memory.limit_in_bytes", text); lowered) {
        (void)write_kernel_file(with_swap, text);
        return {};
    }
    (void)write_kernel_file(with_swap, text);
    return write_kernel_file(folder + "/memory.limit_in_bytes", text);
}

void set_cgroup_cpu_weight(const CgroupTree& tree, const std::string& name, Cores cores) {
    // The kernel's default of 100 is one core; its range is 1 to 10,000.
    const long weight = std::clamp(std::lround(cores.count * 100), 1L, 10'000L);
    (void)write_kernel_file(tree.unified + "/" + name + "/cpu.weight", std::to_string(weight));
}

int cgroup_oom_kills(const CgroupTree& tree, const std::string& name) {
    if (tree.memory.empty()) return 0;
    const char* file = tree.is_memory_v1() ? "/memory.oom_control" : "/memory.events";
    return static_cast<int>(number_named(tree.memory + "/" + name + file, "oom_kill").value_or(0));
}

bool is_cgroup_empty(const CgroupTree& tree, const std::string& name) {
    if (!tree.unified.empty())
        return number_named(tree.unified + "/" + name + "/cgroup.events", "populated").value_or(0) == 0;
    return cgroup_processes(tree, name).empty();
}

std::vector<int> cgroup_processes(const CgroupTree& tree, const std::string& name) {
    std::vector<int> pids;
    add_processes(deciding_hierarchy(tree) + "/" + name, pids);
    return pids;
}

void kill_cgroup(const CgroupTree& tree, const std::string& name) {
    if (!tree.unified.empty() && write_kernel_file(tree.unified + "/" + name + "/cgroup.kill", "1")) return;
    signal_cgroup(tree, name, SIGKILL);
}

void signal_cgroup(const CgroupTree& tree, const std::string& name, int signal) {
    for (const int pid : cgroup_processes(tree, name)) ::kill(pid, signal);
}

}  // namespace plimsoll::machine
