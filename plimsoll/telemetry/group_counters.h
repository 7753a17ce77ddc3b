// SPDX-License-Identifier: Apache-2.0
// The counters of one cgroup, in v1, v2 and the hybrid: the files are opened once and read again and again.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plimsoll/base/file.h"
#include "plimsoll/machine/cgroup.h"
#include "plimsoll/model/profile.h"
#include "plimsoll/telemetry/kernel_file.h"

namespace plimsoll::telemetry {

class GroupCounters {
public:
    /// Nothing when the group is not there, or its files cannot be opened.
    static std::optional<GroupCounters> open(const machine::CgroupTree& tree, const std::string& group);

    /// The same for one last reading after the end: without pressure, processes and threads.
    static std::optional<GroupCounters> open_totals(const machine::CgroupTree& tree, const std::string& group);

    bool has_memory() const { return static_cast<bool>(memory_stat_); }
    bool has_cpu() const { return static_cast<bool>(cpu_); }
    /// Without it the processes have to tell their disk bytes. With v1 too: the files of a v1 group leave out what
    /// is written back later.
    bool has_disk() const { return static_cast<bool>(disk_); }
    bool has_disk_operations() const { return disk_ || disk_operations_v1_; }

    /// Memory and CPU time, as far as the group has files for them. False when it has vanished.
    bool read(Usage& usage, ReadBuffer& buffer) const;
    /// Its own high-water mark, disk, stalls and threads, likewise.
    void read_rest(Usage& usage, ReadBuffer& buffer) const;
    /// Appends the processes in the group, not those in groups that they made beneath it.
    void add_processes(std::vector<int>& pids, ReadBuffer& buffer) const;

private:
    GroupCounters() = default;
    bool read_memory(Usage& usage, ReadBuffer& buffer) const;
    bool read_cpu(Usage& usage, ReadBuffer& buffer) const;
    void read_disk(Usage& usage, ReadBuffer& buffer) const;
    void read_stalls(Usage& usage, ReadBuffer& buffer) const;

    bool is_memory_v1_ = false;
    bool is_cpu_v1_ = false;
    Fd memory_stat_, memory_peak_;
    Fd cpu_;
    Fd disk_;
    Fd disk_bytes_v1_, disk_operations_v1_;
    Fd processes_, threads_;
    Fd memory_pressure_, cpu_pressure_, io_pressure_;
};

}  // namespace plimsoll::telemetry
