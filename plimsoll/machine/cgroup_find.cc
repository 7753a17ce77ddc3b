// SPDX-License-Identifier: Apache-2.0
// Finds the cgroup hierarchies in /proc/self/mountinfo and our place in them in /proc/self/cgroup.
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

#include "plimsoll/base/file.h"
#include "plimsoll/base/text.h"
#include "plimsoll/machine/cgroup.h"
#include "plimsoll/machine/cgroup_hierarchies.h"
#include "plimsoll/machine/proc_numbers.h"

namespace plimsoll::machine {
namespace {

/// mountinfo writes blanks in paths as \040.
std::string unescape(std::string_view text) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\' && i + 3 < text.size()) {
            plain += static_cast<char>((text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 + (text[i + 3] - '0'));
            i += 3;
        } else {
            plain += text[i];
        }
    }
    return plain;
}

/// A line of mountinfo: id parent device root mount-point options [tags] - type source super-options.
std::optional<Hierarchy> parse_mount(std::string_view line) {
    const std::size_t dash = line.find(" - ");
    if (dash == std::string_view::npos) return std::nullopt;
    const std::vector<std::string_view> before = split(line.substr(0, dash), ' ');
    const std::vector<std::string_view> after = split(line.substr(dash + 3), ' ');
    if (before.size() < 6 || after.size() < 3) return std::nullopt;
    if (after[0] != "cgroup" && after[0] != "cgroup2") return std::nullopt;
    Hierarchy found{.is_v2 = after[0] == "cgroup2",
                    .controllers = {},
                    .mount_point = unescape(before[4]),
                    .mount_root = unescape(before[3]),
                    .own_group = "/"};
    for (const std::string_view option : split(after[2], ',')) found.controllers.emplace_back(option);
    return found;
}

/// Our group as seen from the mount's root; the root itself when we stand outside of it.
std::string beneath_mount(std::string_view group, std::string_view mount_root) {
    if (mount_root != "/") {
        if (!group.starts_with(mount_root)) return "/";
        group.remove_prefix(mount_root.size());
    }
    return group.empty() || group.starts_with("/..") ? "/" : std::string(group);
}

}  // namespace

bool Hierarchy::has(std::string_view controller) const {
    return std::find(controllers.begin(), controllers.end(), controller) != controllers.end();
}

std::vector<Hierarchy> read_hierarchies(const std::string& root) {
    std::vector<Hierarchy> found;
    const auto mounts = read_file(root + "/proc/self/mountinfo");
    const auto groups = read_file(root + "/proc/self/cgroup");
    if (!mounts || !groups) return found;
    for (const std::string_view line : split(*mounts, '\n'))
        if (auto hierarchy = parse_mount(line)) found.push_back(*std::move(hierarchy));
    for (const std::string_view line : split(*groups, '\n')) {
        // "4:memory:/some/group"; v2 is "0::/some/group". The group itself may hold colons.
        const std::size_t first = line.find(':');
        const std::size_t second = line.find(':', first + 1);
        if (first == std::string_view::npos || second == std::string_view::npos) continue;
        const std::string_view controllers = line.substr(first + 1, second - first - 1);
        for (Hierarchy& hierarchy : found) {
            const bool same =
                controllers.empty() ? hierarchy.is_v2 : !hierarchy.is_v2 && hierarchy.has(split(controllers, ',')[0]);
            if (same) hierarchy.own_group = beneath_mount(line.substr(second + 1), hierarchy.mount_root);
        }
    }
    return found;
}

namespace {

bool is_writable(const std::string& folder) {
    // Both: groups are made in the folder, and moving a process needs its cgroup.procs.
    return ::access(folder.c_str(), W_OK) == 0 && ::access((folder + "/cgroup.procs").c_str(), W_OK) == 0;
}

/// Does the group limit memory? v1 shows "no limit" as the largest multiple of the page size.
bool limits_memory(const std::string& folder) {
    for (const char* file : {"/memory.limit_in_bytes", "/memory.max"}) {
        const auto text = read_file(folder + file);
        if (!text) continue;
        const std::optional<std::uint64_t> limit = single_number(*text);
        if (limit && *limit < std::uint64_t{1} << 62) return true;
    }
    return false;
}

/// The folder in which our groups shall stand, the highest one that keeps the limits around us; "" for none.
std::string place_for_groups(const Hierarchy& hierarchy, const std::string& root) {
    std::string folder = root + hierarchy.mount_point;
    std::string place = is_writable(folder) ? folder : "";
    bool within_ours = false;
    for (const std::string_view part : split(hierarchy.own_group, '/')) {
        if (part.empty()) continue;
        folder.append("/").append(part);
        within_ours |= part == cgroup_top;
        if (within_ours || limits_memory(folder)) place.clear();
        if (place.empty() && is_writable(folder)) place = folder;
    }
    return place;
}

bool has_word(const std::string& file, std::string_view word) {
    const auto text = read_file(file);
    if (!text) return false;
    std::string_view rest = *text;
    std::string_view line = take_line(rest);
    for (std::string_view each = take_word(line); !each.empty(); each = take_word(line))
        if (each == word) return true;
    return false;
}

/// v2: do groups in `folder` get the controller, or can we hand it down? A group that holds processes
/// cannot hand down, but for the root of all.
bool hands_down(const std::string& folder, std::string_view controller) {
    if (has_word(folder + "/cgroup.subtree_control", controller)) return true;
    if (!has_word(folder + "/cgroup.controllers", controller)) return false;
    if (::access((folder + "/cgroup.subtree_control").c_str(), W_OK) != 0) return false;
    const bool is_root = ::access((folder + "/cgroup.type").c_str(), F_OK) != 0;
    const auto processes = read_file(folder + "/cgroup.procs");
    return is_root || (processes && processes->empty());
}

/// Those that CgroupTree has by name.
constexpr std::string_view limiting[] = {"memory", "cpu", "cpuacct", "cpuset", "blkio", "freezer"};

void place_v1(CgroupTree& tree, const Hierarchy& hierarchy, const std::string& root) {
    const std::string place = place_for_groups(hierarchy, root);
    const auto is_known = [](const std::string& each) {
        return std::ranges::find(limiting, each) != std::end(limiting);
    };
    if (!place.empty() && std::ranges::none_of(hierarchy.controllers, is_known)) tree.others.push_back(place);
    if (hierarchy.has("memory")) tree.memory = place;
    if (hierarchy.has("cpu")) tree.cpu = place;
    if (hierarchy.has("cpuacct")) tree.cpuacct = place;
    if (hierarchy.has("cpuset")) tree.cpuset = place;
    if (hierarchy.has("blkio")) tree.blkio = place;
    if (hierarchy.has("freezer")) tree.freezer = place;
}

void place_v2(CgroupTree& tree, const Hierarchy& hierarchy, const std::string& root) {
    tree.unified = place_for_groups(hierarchy, root);
    if (tree.unified.empty()) return;
    if (hands_down(tree.unified, "memory")) tree.memory = tree.unified;
    if (hands_down(tree.unified, "cpu")) tree.cpu = tree.unified;
    if (hands_down(tree.unified, "cpuset")) tree.cpuset = tree.unified;
}

}  // namespace

std::string_view name_of(CgroupKind kind) {
    constexpr std::string_view names[] = {"none", "cgroup-v1", "hybrid", "cgroup-v2"};
    return names[static_cast<int>(kind)];
}

std::string path_in_mount(const std::string& folder, const std::string& root) {
    std::size_t longest = 0;
    for (const Hierarchy& hierarchy : read_hierarchies(root)) {
        const std::string mount = root + hierarchy.mount_point;
        if (folder == mount || folder.starts_with(mount + "/")) longest = std::max(longest, mount.size());
    }
    return folder.substr(longest);
}

CgroupTree find_cgroups(const std::string& root) {
    CgroupTree tree;
    const std::vector<Hierarchy> hierarchies = read_hierarchies(root);
    // v1 last: a controller that is mounted as v1 cannot be in the v2 tree.
    for (const Hierarchy& hierarchy : hierarchies)
        if (hierarchy.is_v2) place_v2(tree, hierarchy, root);
    for (const Hierarchy& hierarchy : hierarchies)
        if (!hierarchy.is_v2) place_v1(tree, hierarchy, root);
    const bool has_v1 = tree.is_memory_v1() || (!tree.cpuacct.empty() && tree.cpuacct != tree.unified);
    if (!tree.unified.empty()) tree.kind = has_v1 ? CgroupKind::hybrid : CgroupKind::v2;
    else if (has_v1) tree.kind = CgroupKind::v1;
    return tree;
}

}  // namespace plimsoll::machine
