// SPDX-License-Identifier: Apache-2.0
// LocalUsage: what the attempts on this machine use, from their cgroups where they have some, by /proc for
// what those do not tell, and by /proc alone where there are none.
//
// | quantity  | v2                    | hybrid                       | v1                           | proc   |
// |-----------|-----------------------|------------------------------|------------------------------|--------|
// | memory    | memory.stat           | memory.stat (v1)             | memory.stat                  | status |
// | peak      | memory.peak           | memory.max_usage_in_bytes    | memory.max_usage_in_bytes    | -      |
// | CPU       | cpu.stat              | cpu.stat                     | cpuacct.usage                | stat   |
// | disk      | io.stat, else PID/io  | PID/io, blkio where it is    | PID/io, blkio where it is    | PID/io |
// | network   | of namespaces of its own, by PID/net/dev of its processes                                     |
// | stalls    | *.pressure            | *.pressure                   | -                            | -      |
// | processes | cgroup.procs          | cgroup.procs                 | cgroup.procs                 | tree   |
// | threads   | cgroup.threads        | cgroup.threads               | tasks                        | stat   |
//
// The kernel brings a group's memory up to date every other second, and sooner only by the 64 pages of each CPU: on
// a machine of many CPUs what a short attempt took is told late. Its processes' own marks, which the engine has at
// their end and which of containers are read here, tell it.
//
// Memory and CPU time are read at every sample. The rest, which no decision waits for, is read twice a second
// while the attempt is young and every few seconds later; between, it is told as last read.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "plimsoll/machine/cgroup.h"
#include "plimsoll/machine/host.h"
#include "plimsoll/telemetry/group_counters.h"
#include "plimsoll/telemetry/network_counters.h"
#include "plimsoll/telemetry/process_counters.h"
#include "plimsoll/telemetry/usage_source.h"

namespace plimsoll::telemetry {

class LocalUsage final : public UsageSource {
public:
    /// `tree` is the one in which the engine makes the attempts' groups; `root` stands in front of /proc.
    LocalUsage(machine::CgroupTree tree, machine::Host host, std::string root = {});

    /// Opens the attempt's files: 9 or 10 descriptors with cgroups, none without.
    void watch(AttemptId attempt, const Placement& placement, Instant now) override;
    std::optional<Usage> sample(AttemptId attempt, Instant now) override;
    /// Of an attempt that was never watched only the files that still tell something are opened.
    std::optional<Usage> close(AttemptId attempt, const Placement& placement, Instant now) override;
    std::optional<Bytes> memory_used_by_others() override;
    /// With what is taken from elsewhere or unseen: "cgroup-v2 (memory by /proc)", "proc (disk unseen)".
    std::string_view kind() const override { return kind_; }

    /// The memory of all watched attempts as last sampled.
    Bytes memory_in_use() const;

private:
    struct Watched {
        int pid = 0;  ///< 0 while it is not known
        Placement placement;
        std::optional<GroupCounters> group;
        Instant start{};
        std::optional<Instant> rest_read;
        Usage last{};
    };

    bool read_group(const Watched& watched, Usage& usage, bool with_rest);
    bool read_tree(int root, Usage& usage, bool with_rest);
    void sum_processes(Wanted wanted, Usage& usage);
    void name_kind();

    machine::CgroupTree tree_;
    machine::Host host_;
    std::string root_;
    ProcessCounters processes_;
    NetworkCounters network_;
    std::map<AttemptId, Watched> watched_;
    std::string kind_;
    ReadBuffer buffer_;
    std::vector<int> pids_;
};

}  // namespace plimsoll::telemetry
