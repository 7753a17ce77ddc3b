// SPDX-License-Identifier: Apache-2.0
// Processes that cannot be mistaken for others, and which ones there are.
//
// A pid is used again, sooner or later; pid + start time is not while the machine runs. An OwnerMark is
// that as a short text: it names cgroups and stands in the environment of tasks, so that whoever finds
// one later can tell whether its owner still lives.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plimsoll/machine/proc.h"
#include "plimsoll/model/run.h"

namespace plimsoll::machine {

/// Of a living process; nothing when it has ended (a zombie has) or may not be seen.
std::optional<ProcessIdentity> process_identity(int pid, const std::string& proc = "/proc");
/// Is it still there? A process that may not be looked at counts as alive.
bool is_alive(const ProcessIdentity& process, const std::string& proc = "/proc");

struct OwnerMark {
    int pid = 0;
    std::uint64_t start_ticks = 0;
    std::uint64_t pid_namespace = 0;  ///< inode: pids of another namespace say nothing here
    bool operator==(const OwnerMark&) const = default;

    std::string text() const;  ///< "812-1234567-4026531836"
};
std::optional<OwnerMark> parse_owner_mark(std::string_view text);
OwnerMark own_mark(const std::string& proc = "/proc");
/// Has the owner surely ended? False for owners in another pid namespace: nobody can tell from here.
bool is_owner_dead(const OwnerMark& owner, const std::string& proc = "/proc");

/// Every process there is, in the order of /proc.
std::vector<ProcessStat> all_processes(const std::string& proc = "/proc");
/// The processes that can have started after `pid` did: /proc/loadavg tells the newest pid, so after a
/// short while only a few pids come into question. All processes when that is not to be known.
std::vector<ProcessStat> processes_since(int pid, const std::string& proc = "/proc");
/// The children of this process, zombies included: as a sub-reaper also the orphans it was given. Nothing
/// where the kernel does not list them (CONFIG_PROC_CHILDREN).
std::optional<std::vector<int>> own_children();

/// From /proc/PID/environ as the program was given it; nothing when it is not set or may not be read.
std::optional<std::string> environment_value(int pid, std::string_view name, const std::string& proc = "/proc");
/// How many processes the kernel has killed for lack of memory, in all groups and outside of them; 0 when
/// it does not tell.
std::uint64_t oom_kills_since_boot(const std::string& proc = "/proc");
/// The processes of `all` that descend from one of `roots`, those included that are in `all`.
std::vector<int> with_descendants(const std::vector<int>& roots, const std::vector<ProcessStat>& all);

}  // namespace plimsoll::machine
