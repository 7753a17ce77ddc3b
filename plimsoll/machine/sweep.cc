// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/machine/sweep.h"

#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <set>

#include "plimsoll/base/file.h"
#include "plimsoll/machine/process.h"

namespace plimsoll::machine {
namespace {

/// RUN and MARK of "RUN@MARK".
struct RunGroup {
    std::string run;
    OwnerMark owner;
};

std::optional<RunGroup> parse_run_group(std::string_view name) {
    const std::size_t at = name.rfind('@');
    if (at == std::string_view::npos) return std::nullopt;
    const auto owner = parse_owner_mark(name.substr(at + 1));
    if (!owner) return std::nullopt;
    return RunGroup{.run = std::string(name.substr(0, at)), .owner = *owner};
}

std::set<int> self_and_ancestors(const std::vector<ProcessStat>& all) {
    std::set<int> family;
    for (int pid = ::getpid(); pid > 0 && family.insert(pid).second;) {
        const auto found =
            std::find_if(all.begin(), all.end(), [pid](const ProcessStat& each) { return each.pid == pid; });
        pid = found == all.end() ? 0 : found->parent;
    }
    return family;
}

struct Leftovers {
    std::vector<ProcessStat> processes;
    std::set<std::string> runs;
};

/// The processes with the mark of a dead owner, the others of their sessions, and the descendants of both.
Leftovers marked_leftovers() {
    std::vector<ProcessStat> all = all_processes();
    const std::set<int> spared = self_and_ancestors(all);
    std::erase_if(all, [&](const ProcessStat& each) {
        return each.state == 'Z' || each.state == 'X' || spared.contains(each.pid);
    });
    Leftovers found;
    std::set<int> sessions;
    std::vector<int> roots;
    for (const ProcessStat& each : all) {
        const auto mark = environment_value(each.pid, "PLIMSOLL_OWNER");
        const auto owner = mark ? parse_owner_mark(*mark) : std::nullopt;
        if (!owner || !is_owner_dead(*owner)) continue;
        roots.push_back(each.pid);
        // A session that it shares is that of somebody's terminal: his shell is no leftover.
        if (environment_value(each.pid, "PLIMSOLL_SESSION") != "shared") sessions.insert(each.session);
        if (const auto run = environment_value(each.pid, "PLIMSOLL_RUN")) found.runs.insert(*run);
    }
    if (const auto self = process_stat("/proc", ::getpid())) sessions.erase(self->session);
    for (const ProcessStat& each : all)
        if (sessions.contains(each.session)) roots.push_back(each.pid);
    const std::vector<int> pids = with_descendants(roots, all);
    const std::set<int> chosen(pids.begin(), pids.end());
    for (const ProcessStat& each : all)
        if (chosen.contains(each.pid)) found.processes.push_back(each);
    return found;
}

/// Kills this very process and no other that got its pid since.
bool kill_process(const ProcessStat& process) {
    const Fd handle(static_cast<int>(::syscall(SYS_pidfd_open, process.pid, 0)));
    const auto now = process_stat("/proc", process.pid);
    if (!handle || !now || now->start_ticks != process.start_ticks) return false;
    return ::syscall(SYS_pidfd_send_signal, handle.fd(), SIGKILL, nullptr, 0) == 0;
}

void pause_briefly() { ::poll(nullptr, 0, 2); }

/// Kills until the group is empty and gone; says why when that takes too long.
Result<void> end_group(const CgroupTree& tree, const std::string& group, const Clock& clock, Instant give_up) {
    while (true) {
        kill_cgroup(tree, group);
        Result<void> removed = remove_cgroup(tree, group);
        if (removed || removed.error().kind != ErrorKind::refused || clock.now() >= give_up) return removed;
        pause_briefly();
    }
}

bool has_maker(const CgroupTree& tree, const std::string& group) {
    for (const std::string& hierarchy : tree.hierarchies())
        for (const std::string& each : subgroups(hierarchy, group))
            if (each.ends_with(maker_suffix)) return true;
    return false;
}

std::vector<std::string> dead_run_groups(const CgroupTree& tree) {
    std::set<std::string> names;
    for (const std::string& hierarchy : tree.all_hierarchies())
        for (std::string& name : subgroups(hierarchy, std::string(cgroup_top)))
            if (const auto parsed = parse_run_group(name); parsed && is_owner_dead(parsed->owner))
                names.insert(std::move(name));
    return {names.begin(), names.end()};
}

}  // namespace

std::string run_group(const std::string& run, const std::string& owner_mark) {
    return std::string(cgroup_top) + "/" + run + "@" + owner_mark;
}

Swept sweep(const CgroupTree& tree, const Clock& clock, Duration limit) {
    const Instant give_up = clock.now() + limit;
    Swept swept;
    std::set<std::string> runs;
    for (const std::string& name : dead_run_groups(tree)) {
        const std::string group = std::string(cgroup_top) + "/" + name;
        swept.had_containers |= has_maker(tree, group);
        swept.processes += static_cast<int>(cgroup_processes(tree, group).size());
        runs.insert(parse_run_group(name)->run);
        if (const auto ended = end_group(tree, group, clock, give_up); !ended)
            swept.left.push_back(ended.error().message);
    }
    remove_cgroup_if_empty(tree, std::string(cgroup_top));
    // Those without a group. What is being started while we look shows up in the next round.
    for (Leftovers found = marked_leftovers(); !found.processes.empty() && clock.now() < give_up;
         found = marked_leftovers()) {
        runs.insert(found.runs.begin(), found.runs.end());
        for (const ProcessStat& each : found.processes) swept.processes += kill_process(each);
        pause_briefly();
    }
    swept.runs.assign(runs.begin(), runs.end());
    return swept;
}

}  // namespace plimsoll::machine
