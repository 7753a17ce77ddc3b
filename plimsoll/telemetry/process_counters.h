// SPDX-License-Identifier: Apache-2.0
// What processes use by /proc alone: the processes of an attempt, found by descent, and the sum over them.
//
// Where the kernel lists children (/proc/PID/task/TID/children) a tree costs what it has; elsewhere all
// processes are looked through, every other second at most. Beside the descendants of its first process an
// attempt has those that stayed in its process group or session after their parent ended.
//
// Limits: memory shared between processes (after fork, or by shmem) counts for each of them; the CPU time
// and disk bytes of a process count on after its end only once its parent has waited for it; a daemon that
// left both group and session is not found.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "plimsoll/base/file.h"
#include "plimsoll/machine/proc.h"
#include "plimsoll/model/profile.h"
#include "plimsoll/telemetry/kernel_file.h"

namespace plimsoll::telemetry {

/// Which counters to sum.
struct Wanted {
    bool memory = false;
    bool cpu = false;
    bool disk = false;
    bool threads = false;
    bool high_water = false;  ///< the largest process's
};

class ProcessCounters {
public:
    /// `proc`: "/proc"; `own_pid`: who inherits orphans, this process.
    ProcessCounters(const std::string& proc, int own_pid);

    /// The folder, open: what else is read of processes is read beneath it.
    int proc() const { return proc_.fd(); }
    /// Appends the attempt's processes: `root`, first, and those that came of it. None when root is gone.
    void add_tree(int root, Instant now, std::vector<int>& pids, ReadBuffer& buffer);
    /// Adds up what is wanted into `usage`. Processes that are gone by now count nothing.
    void sum(std::span<const int> pids, Wanted wanted, Usage& usage, ReadBuffer& buffer);
    /// Has a process refused to tell its disk bytes? (A program that changed its user.)
    bool disk_refused() const { return disk_refused_; }

private:
    /// Whose process is whose.
    struct Kin {
        int pid, parent, group, session;
    };

    void refresh_kin(Instant now, ReadBuffer& buffer);
    void add_kin(int pid, ReadBuffer& buffer);
    void add_children(int pid, std::vector<int>& pids, ReadBuffer& buffer);
    void add_descendants(std::size_t from, std::vector<int>& pids, ReadBuffer& buffer);
    bool add_relatives(int root, std::vector<int>& pids) const;
    void add_stat(int pid, Wanted wanted, Usage& usage, ReadBuffer& buffer);
    void add_memory(int pid, Wanted wanted, Usage& usage, ReadBuffer& buffer) const;
    void add_disk(int pid, Usage& usage, ReadBuffer& buffer);
    std::optional<machine::ProcessStat> read_stat(int pid, ReadBuffer& buffer) const;
    std::optional<machine::ProcessStat> stat_of(int pid, ReadBuffer& buffer);

    Fd proc_;
    int own_pid_;
    bool lists_children_ = false;
    bool disk_refused_ = false;
    std::vector<Kin> kin_;  ///< this process's children, or all processes where children are not listed
    Instant kin_read_ = Instant::min();
    std::vector<machine::ProcessStat> stats_;  ///< as read along a tree, until it is summed up
    std::vector<int> numbers_;
};

}  // namespace plimsoll::telemetry
