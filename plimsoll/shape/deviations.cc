// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/shape/deviations.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "plimsoll/base/file.h"
#include "plimsoll/base/text.h"
#include "plimsoll/machine/cgroup_memory.h"
#include "plimsoll/machine/main_process.h"
#include "plimsoll/machine/proc.h"
#include "plimsoll/machine/process_tree.h"

namespace plimsoll::shape {
namespace {

std::string words_of(Bytes limit) { return limit > Bytes{} ? format(limit) : "none"; }

std::optional<Deviation> changed_memory(const machine::CgroupTree& tree, const std::string& group, Limits& held) {
    if (tree.memory.empty()) return std::nullopt;
    const std::optional<Bytes> limit = machine::cgroup_memory_limit(tree, group);
    const Bytes expected = machine::as_cgroup_memory_limit(held.memory);
    if (!limit || *limit == expected) return std::nullopt;
    held.memory = *limit;
    return Deviation{.kind = Deviation::Kind::limit_changed,
                     .detail = fmt::format("its memory limit was changed from {} to {} by somebody else",
                                           words_of(expected), words_of(*limit))};
}

/// A file that shows a limit, and how to note that the limit does not hold any more.
struct LimitFile {
    const char* what;
    std::string path;
    void (*unset)(Limits& held);
};

std::vector<LimitFile> limit_files(const machine::CgroupTree& tree, const std::string& group, const Limits& held) {
    constexpr auto unset_cpu = [](Limits& limits) { limits.cpu = {}; };
    constexpr auto unset_disk = [](Limits& limits) { limits.disk_read = limits.disk_write = {}; };
    const std::string end = "/" + group + "/";
    const bool is_v2 = tree.kind == machine::CgroupKind::v2;
    std::vector<LimitFile> files;
    if (held.cpu > Cores{} && held.cpu_by == CpuLimit::quota && !tree.cpu.empty())
        files.push_back({"CPU quota", tree.cpu + end + (is_v2 ? "cpu.max" : "cpu.cfs_quota_us"), unset_cpu});
    if (held.cpu > Cores{} && held.cpu_by == CpuLimit::cpuset && !tree.cpuset.empty())
        files.push_back({"list of cores", tree.cpuset + end + "cpuset.cpus", unset_cpu});
    if (held.memory_notice > Bytes{} && is_v2 && !tree.memory.empty())
        files.push_back(
            {"memory.high", tree.memory + end + "memory.high", [](Limits& limits) { limits.memory_notice = {}; }});
    if (held.disk_read <= Bytes{} && held.disk_write <= Bytes{}) return files;
    if (is_v2) files.push_back({"disk limit", tree.unified + end + "io.max", unset_disk});
    if (tree.blkio.empty()) return files;
    for (const char* file : {"blkio.throttle.read_bps_device", "blkio.throttle.write_bps_device"})
        files.push_back({"disk limit", tree.blkio + end + file, unset_disk});
    return files;
}

std::string one_line(std::string text) {
    while (text.ends_with('\n')) text.pop_back();
    std::replace(text.begin(), text.end(), '\n', ',');
    return text;
}

bool is_running(int pid, const std::string& proc) {
    const auto stat = machine::process_stat(proc, pid);
    return stat && stat->state != 'Z' && stat->state != 'X';
}

std::string program_of(int pid, const std::string& proc) {
    const auto name = read_file(fmt::format("{}/{}/comm", proc, pid));
    return name ? one_line(*name) : "?";
}

/// Of these processes those that are not in the group in every hierarchy, nor beneath it.
std::set<int> outside(const machine::CgroupTree& tree, const std::string& group, const std::vector<int>& pids) {
    std::set<int> found;
    for (const std::string& hierarchy : tree.hierarchies()) {
        const std::vector<int> inside = machine::cgroup_processes_in(hierarchy, group);
        for (const int pid : pids)
            if (std::find(inside.begin(), inside.end(), pid) == inside.end()) found.insert(pid);
    }
    return found;
}

}  // namespace

std::optional<Deviation> Deviations::changed_text(const machine::CgroupTree& tree, const std::string& group,
                                                  Limits& held) {
    for (const LimitFile& file : limit_files(tree, group, held)) {
        const auto text = read_file(file.path);
        if (!text) continue;
        const auto [shown, is_first] = shown_.emplace(file.path, *text);
        if (is_first || shown->second == *text) continue;
        Deviation changed{.kind = Deviation::Kind::limit_changed,
                          .detail = fmt::format("its {} was changed from '{}' to '{}' by somebody else", file.what,
                                                one_line(shown->second), one_line(*text))};
        shown->second = *text;
        file.unset(held);
        return changed;
    }
    return std::nullopt;
}

/// Twice outside is outside: one that has just begun or is about to end may be in no list.
std::optional<Deviation> Deviations::left(const machine::CgroupTree& tree, const Placement& placement,
                                          const std::string& proc) {
    const int main = machine::main_process(placement);
    const std::vector<int> pids = main > 0 ? machine::process_tree(main, proc) : std::vector<int>();
    const std::set<int> before = std::exchange(outside_, outside(tree, placement.group, pids));
    for (const int pid : outside_) {
        if (!before.contains(pid) || told_.contains(pid) || !is_running(pid, proc)) continue;
        told_.insert(pid);
        return Deviation{.kind = Deviation::Kind::left_group,
                         .detail = fmt::format("its process {} ({}) left its cgroup: nothing limits it any more, and "
                                               "what it uses is not seen",
                                               pid, program_of(pid, proc))};
    }
    return std::nullopt;
}

void Deviations::on_written(const Limits& before, const Limits& now) {
    Limits same_memory = now;
    same_memory.memory = before.memory;
    same_memory.memory_notice = before.memory_notice;
    if (same_memory != before) shown_.clear();
    if (now.memory_notice != before.memory_notice)
        std::erase_if(shown_, [](const auto& each) { return each.first.ends_with("/memory.high"); });
}

std::optional<Deviation> Deviations::next(const machine::CgroupTree& tree, const Placement& placement, Limits& held,
                                          const std::string& proc) {
    if (has_vanished_ || placement.group.empty()) return std::nullopt;
    for (const std::string& hierarchy : tree.hierarchies()) {
        const std::string folder = hierarchy + "/" + placement.group;
        // Of an attempt that has ended the group may be gone.
        if (::access(folder.c_str(), F_OK) == 0 || !is_running(placement.pid, proc)) continue;
        has_vanished_ = true;
        return Deviation{
            .kind = Deviation::Kind::group_vanished,
            .detail = "its cgroup " + folder + " was removed by somebody else: nothing limits it any more"};
    }
    if (auto changed = changed_memory(tree, placement.group, held)) return changed;
    if (auto changed = changed_text(tree, placement.group, held)) return changed;
    return left(tree, placement, proc);
}

}  // namespace plimsoll::shape
