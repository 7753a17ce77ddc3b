// SPDX-License-Identifier: Apache-2.0
// The kernel's files of one attempt as literals, on each kind of cgroup and without: a small machine for the
// tests of LocalUsage.
#pragma once

#include <map>
#include <string>

#include "plimsoll/telemetry/local_usage.h"
#include "tests/literal_tree.h"

namespace plimsoll::telemetry {

using namespace std::chrono_literals;
using machine::CgroupKind;
using machine::CgroupTree;

inline const AttemptId attempt{7, 1};
inline const std::string group = "plimsoll/run/7.1";

inline LocalUsage usage_of(const LiteralTree& files, const CgroupTree& tree) {
    return {tree, machine::Host{}, files.root};
}

inline CgroupTree v1_at(const LiteralTree& files) {
    return {.kind = CgroupKind::v1,
            .memory = files.root + "/cg/memory",
            .cpu = {},
            .cpuacct = files.root + "/cg/cpuacct",
            .blkio = {},
            .unified = {}};
}
inline CgroupTree hybrid_at(const LiteralTree& files) {
    return {.kind = CgroupKind::hybrid,
            .memory = files.root + "/cg/memory",
            .cpu = {},
            .cpuacct = {},
            .blkio = {},
            .unified = files.root + "/cg/unified"};
}
inline CgroupTree v2_at(const LiteralTree& files) {
    const std::string unified = files.root + "/cg/unified";
    return {.kind = CgroupKind::v2, .memory = unified, .cpu = unified, .cpuacct = {}, .blkio = {}, .unified = unified};
}

using Files = std::map<std::string, std::string>;

inline Files with(Files files, const Files& more) {
    for (const auto& [path, text] : more) files[path] = text;
    return files;
}

/// 30 MiB anon, 10 MiB shmem, 5 MiB of page cache beside it; groups beneath it included.
inline Files v1_memory() {
    return {{"/cg/memory/" + group + "/memory.stat",
             "cache 1\nrss 1\nshmem 1\nhierarchical_memory_limit 9223372036854771712\ntotal_cache 15728640\ntotal_rss "
             "31457280\n"
             "total_rss_huge 0\ntotal_shmem 10485760\n"},
            {"/cg/memory/" + group + "/memory.max_usage_in_bytes", "62914560\n"},
            {"/cg/memory/" + group + "/cgroup.procs", "100\n101\n"}};
}

inline Files leaf() {
    const std::string folder = "/cg/unified/" + group;
    return {{folder + "/cpu.stat", "usage_usec 2500000\nuser_usec 2000000\nsystem_usec 500000\n"},
            {folder + "/cgroup.procs", "100\n101\n102\n"},
            {folder + "/cgroup.threads", "100\n101\n105\n102\n"},
            {folder + "/memory.pressure",
             "some avg10=0.00 avg60=0.00 avg300=0.00 total=11\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=1\n"},
            {folder + "/cpu.pressure", "some avg10=0.00 avg60=0.00 avg300=0.00 total=22\n"},
            {folder + "/io.pressure", "some avg10=0.00 avg60=0.00 avg300=0.00 total=33\n"}};
}

struct Process {
    int pid = 0, parent = 0, group = 0, session = 0;
    int cpu_ticks = 0, waited_ticks = 0;
    int anon_kib = 0, shmem_kib = 0;
    int read = 0, written = 0;
    int threads = 1;
};

Files process(const Process& p);

/// 100 runs 101, which has run 102 (in a thread of its own) and waited for others; 103 was theirs, and its
/// parent is gone; 900 is somebody else's.
inline Files tree_of_processes() {
    Files files;
    for (const Process& p :
         {Process{100, 1, 100, 100, 100, 50, 1024, 0, 1000, 100},
          Process{101, 100, 100, 100, 10, 0, 2048, 512, 200, 20, 2}, Process{102, 101, 102, 100, 1, 0, 4096, 0, 30, 3},
          Process{103, 1, 100, 100, 2, 0, 8192, 0, 4, 0},
          Process{900, 1, 900, 900, 7777, 7777, 1 << 20, 0, 1 << 20, 1 << 20}})
        files.merge(process(p));
    return files;
}

Files children_lists(int own_pid);

}  // namespace plimsoll::telemetry
