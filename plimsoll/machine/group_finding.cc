// SPDX-License-Identifier: Apache-2.0
// What stands between this user and cgroups of his own, and the command that gives them to him.
#include <fmt/format.h>

#include <algorithm>

#include "plimsoll/base/text.h"
#include "plimsoll/machine/findings.h"

namespace plimsoll::machine {
namespace {

constexpr std::string_view without = "tasks have no hard memory limit, and are measured through /proc";

std::string as_root(const Survey& survey) { return survey.asker.uid == 0 ? "" : "sudo "; }

const Hierarchy* unified(const GroupSurvey& groups) {
    const auto found = std::ranges::find_if(groups.mounted, [](const Hierarchy& each) { return each.is_v2; });
    return found == groups.mounted.end() ? nullptr : &*found;
}

bool is_v1_memory(const GroupSurvey& groups) {
    return std::ranges::any_of(groups.mounted, [](const Hierarchy& each) { return each.has("memory"); });
}

/// The folders in which a user needs a group of his own.
std::vector<std::string> folders_to_hand_over(const GroupSurvey& groups) {
    std::vector<std::string> folders;
    for (const Hierarchy& each : groups.mounted) {
        const bool is_of_use =
            each.is_v2 || each.has("memory") || each.has("cpu") || each.has("cpuacct") || each.has("freezer");
        if (is_of_use && std::ranges::find(folders, each.mount_point) == folders.end())
            folders.push_back(each.mount_point);
    }
    return folders;
}

/// A group of the user's own in each hierarchy, with the shell it is typed into ($$) in a leaf of it.
std::string hand_over(const Survey& survey) {
    const std::string group = "plimsoll-" + survey.asker.user;
    std::string text = as_root(survey) + "sh -c 'for d in " + join(folders_to_hand_over(survey.groups), " ") + "; do ";
    if (unified(survey.groups) && !is_v1_memory(survey.groups))
        text += "for c in memory cpu io; do echo +$c > $d/cgroup.subtree_control; done; ";
    return text + fmt::format(
                      "mkdir -p $d/{0}/shell; chown -R {1} $d/{0}; echo $0 > $d/{0}/shell/cgroup.procs; "
                      "done' $$",
                      group, survey.asker.user);
}

/// Its group keeps its processes in a leaf from then on.
std::string make_leaf(const Survey& survey) {
    const Hierarchy* tree = unified(survey.groups);
    const std::string folder = tree->mount_point + (tree->own_group == "/" ? "" : tree->own_group);
    return fmt::format(
        "{0}sh -c 'mkdir -p {1}/shell; for p in $(cat {1}/cgroup.procs); do echo $p > "
        "{1}/shell/cgroup.procs; done'",
        as_root(survey), folder);
}

std::vector<std::string> ways_to_groups(const Survey& survey) {
    std::vector<std::string> ways;
    if (survey.has_systemd && !is_v1_memory(survey.groups)) {
        ways.emplace_back("systemd-run --user --scope -p Delegate=yes plimsoll run FILE");
        if (!survey.has_user_manager) ways.push_back("loginctl enable-linger " + survey.asker.user);
    }
    ways.push_back(hand_over(survey));
    return ways;
}

Finding without_groups(const Survey& survey) {
    const GroupSurvey& groups = survey.groups;
    Finding found{.subject = "cgroups", .standing = Standing::degraded};
    if (groups.mounted.empty()) {
        found.text = fmt::format("none are mounted: {}", without);
        found.remedies = {as_root(survey) + "mount -t cgroup2 none /sys/fs/cgroup"};
    } else if (!groups.read_only.empty()) {
        found.text = fmt::format("mounted read-only, as in most containers: {}", without);
        found.remedies = {"docker run --privileged --cgroupns=private IMAGE",
                          fmt::format("{}mount -o remount,rw {}", as_root(survey), groups.read_only.front())};
    } else {
        found.text = groups.refused.empty() ? fmt::format("none that {} may use: {}", survey.asker.user, without)
                                            : fmt::format("cannot be used ({}): {}", groups.refused, without);
        found.remedies = ways_to_groups(survey);
    }
    return found;
}

Finding without_memory(const Survey& survey) {
    const GroupSurvey& groups = survey.groups;
    Finding found{.subject = "cgroups", .standing = Standing::degraded};
    const std::string kind(name_of(groups.tree.kind));
    if (groups.memory_is_off) {
        found.text = kind + ", but the kernel was told to do without the memory controller: no hard memory limit";
        found.remedies = {"add cgroup_enable=memory to the kernel's command line and start the machine anew"};
    } else if (groups.holds_processes && survey.asker.uid == 0) {
        found.text = kind +
                     ", but this group has processes in it, and so cannot hand the memory controller down: no "
                     "hard memory limit";
        found.remedies = {make_leaf(survey)};
    } else {
        found.text = fmt::format("{}, but the memory controller is not handed down to {}: no hard memory limit", kind,
                                 survey.asker.user);
        found.remedies = ways_to_groups(survey);
        if (survey.has_systemd && !is_v1_memory(groups))
            found.remedies.emplace_back(
                as_root(survey) +
                "sh -c 'mkdir -p /etc/systemd/system/user@.service.d; printf \"[Service]\\nDelegate=cpu cpuset io "
                "memory pids\\n\" > /etc/systemd/system/user@.service.d/delegate.conf; systemctl daemon-reload'");
    }
    return found;
}

}  // namespace

Finding group_finding(const Survey& survey) {
    const GroupSurvey& groups = survey.groups;
    if (groups.tree.kind == CgroupKind::none || !groups.refused.empty()) return without_groups(survey);
    if (groups.tree.memory.empty()) return without_memory(survey);
    std::vector<std::string> can = {"hard memory limits"};
    if (!groups.tree.cpu.empty()) can.emplace_back("CPU shares");
    if (!groups.tree.unified.empty() || !groups.tree.freezer.empty()) can.emplace_back("waiting frozen");
    return {.subject = "cgroups",
            .standing = Standing::good,
            .text = fmt::format("{}: {}; in {}", name_of(groups.tree.kind), join(can, ", "), groups.tree.memory),
            .remedies = {}};
}

}  // namespace plimsoll::machine
