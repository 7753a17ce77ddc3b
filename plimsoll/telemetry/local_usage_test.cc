// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/telemetry/local_usage.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/literal_tree.h"

using namespace plimsoll;
using namespace plimsoll::telemetry;
using namespace std::chrono_literals;
using machine::CgroupKind;
using machine::CgroupTree;

namespace {

const AttemptId attempt{7, 1};
const std::string group = "plimsoll/run/7.1";

LocalUsage usage_of(const LiteralTree& files, const CgroupTree& tree) { return {tree, machine::Host{}, files.root}; }

CgroupTree v1_at(const LiteralTree& files) {
    return {.kind = CgroupKind::v1,
            .memory = files.root + "/cg/memory",
            .cpu = {},
            .cpuacct = files.root + "/cg/cpuacct",
            .blkio = {},
            .unified = {}};
}
CgroupTree hybrid_at(const LiteralTree& files) {
    return {.kind = CgroupKind::hybrid,
            .memory = files.root + "/cg/memory",
            .cpu = {},
            .cpuacct = {},
            .blkio = {},
            .unified = files.root + "/cg/unified"};
}
CgroupTree v2_at(const LiteralTree& files) {
    const std::string unified = files.root + "/cg/unified";
    return {.kind = CgroupKind::v2, .memory = unified, .cpu = unified, .cpuacct = {}, .blkio = {}, .unified = unified};
}

using Files = std::map<std::string, std::string>;

Files with(Files files, const Files& more) {
    for (const auto& [path, text] : more) files[path] = text;
    return files;
}

/// 30 MiB anon, 10 MiB shmem, 5 MiB of page cache beside it; groups beneath it included.
Files v1_memory() {
    return {{"/cg/memory/" + group + "/memory.stat",
             "cache 1\nrss 1\nshmem 1\nhierarchical_memory_limit 9223372036854771712\ntotal_cache 15728640\ntotal_rss "
             "31457280\n"
             "total_rss_huge 0\ntotal_shmem 10485760\n"},
            {"/cg/memory/" + group + "/memory.max_usage_in_bytes", "62914560\n"},
            {"/cg/memory/" + group + "/cgroup.procs", "100\n101\n"}};
}

Files leaf() {
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

Files process(const Process& p) {
    const std::string folder = fmt::format("/proc/{}", p.pid);
    return {
        {folder + "/stat", fmt::format("{} (a b) S {} {} {} 0 -1 0 0 0 0 0 {} 0 {} 0 20 0 {} 0 500 0 0\n", p.pid,
                                       p.parent, p.group, p.session, p.cpu_ticks, p.waited_ticks, p.threads)},
        {folder + "/status",
         fmt::format("Name:\ta\nVmHWM:\t 9999 kB\nRssAnon:\t {} kB\nRssFile:\t 777 kB\nRssShmem:\t {} kB\n", p.anon_kib,
                     p.shmem_kib)},
        {folder + "/io",
         fmt::format(
             "rchar: 9\nwchar: 9\nsyscr: {}\nsyscw: {}\nread_bytes: {}\nwrite_bytes: {}\ncancelled_write_bytes: 0\n",
             p.read / 2, p.written / 2, p.read, p.written)}};
}

/// 100 runs 101, which has run 102 (in a thread of its own) and waited for others; 103 was theirs, and its
/// parent is gone; 900 is somebody else's.
Files tree_of_processes() {
    Files files;
    for (const Process& p :
         {Process{100, 1, 100, 100, 100, 50, 1024, 0, 1000, 100},
          Process{101, 100, 100, 100, 10, 0, 2048, 512, 200, 20, 2}, Process{102, 101, 102, 100, 1, 0, 4096, 0, 30, 3},
          Process{103, 1, 100, 100, 2, 0, 8192, 0, 4, 0},
          Process{900, 1, 900, 900, 7777, 7777, 1 << 20, 0, 1 << 20, 1 << 20}})
        files.merge(process(p));
    return files;
}

Files children_lists(int own_pid) {
    return {
        {"/proc/thread-self/children", ""},      {fmt::format("/proc/{0}/task/{0}/children", own_pid), "100 103 900 "},
        {"/proc/100/task/100/children", "101 "}, {"/proc/101/task/101/children", ""},
        {"/proc/101/task/105/children", "102 "}, {"/proc/102/task/102/children", ""},
        {"/proc/103/task/103/children", ""}};
}

/// What the tree above comes to: 15 MiB anon and half a MiB shmem, 1.13 s and 0.5 s waited for.
void check_tree(const Usage& usage) {
    CHECK(usage.processes == 4);
    CHECK(usage.memory == 15_MiB + 512_KiB);
    CHECK(usage.cpu == 1630ms);
    CHECK(usage.read_bytes == 1234_B);
    CHECK(usage.write_bytes == 123_B);
    CHECK(usage.read_operations == 617);
    CHECK(usage.write_operations == 61);
    CHECK(usage.threads == 5);
    CHECK(usage.memory_high_water == 0_B);
}

}  // namespace

TEST_CASE("v1: need is anon and shmem with all groups beneath, apart from page cache") {
    const LiteralTree files(
        with(v1_memory(), {{"/cg/cpuacct/" + group + "/cpuacct.usage", "2500000001\n"}, {"/proc/uptime", ""}}));
    LocalUsage usage = usage_of(files, v1_at(files));
    usage.watch(attempt, {.pid = 100, .group = group}, Instant{});
    const auto seen = usage.sample(attempt, Instant(3s));
    REQUIRE(seen);
    CHECK(seen->at == Instant(3s));
    CHECK(seen->memory == 40_MiB);
    CHECK(seen->page_cache == 5_MiB);
    CHECK(seen->memory_high_water == 60_MiB);
    CHECK(seen->cpu == 2500000001ns);
    CHECK(seen->processes == 2);
    CHECK(usage.kind() == "cgroup-v1");
    CHECK(usage.memory_in_use() == 40_MiB);
    usage.close(attempt, {.pid = 100, .group = group}, Instant(4s));
    CHECK(usage.memory_in_use() == 0_B);
    CHECK_FALSE(usage.sample(attempt, Instant(5s)));
}

TEST_CASE("hybrid: memory by v1, CPU time and stalls by the v2 leaf, disk by the group's processes") {
    const LiteralTree files(with(with(v1_memory(), leaf()), tree_of_processes()));
    LocalUsage usage = usage_of(files, hybrid_at(files));
    usage.watch(attempt, {.pid = 100, .group = group}, Instant{});
    const auto seen = usage.sample(attempt, Instant(3s));
    REQUIRE(seen);
    CHECK(seen->memory == 40_MiB);
    CHECK(seen->cpu == 2500ms);
    CHECK(seen->memory_stall == 11us);
    CHECK(seen->cpu_stall == 22us);
    CHECK(seen->io_stall == 33us);
    CHECK(seen->processes == 3);
    CHECK(seen->threads == 4);
    CHECK(seen->read_bytes == 1230_B);
    CHECK(seen->write_bytes == 123_B);
    CHECK(seen->read_operations == 615);
    CHECK(seen->write_operations == 61);
    CHECK(usage.kind() == "hybrid");
}

TEST_CASE("v2: everything by the one group") {
    const std::string folder = "/cg/unified/" + group;
    const LiteralTree files(
        with(leaf(), {{folder + "/memory.stat", "anon 31457280\nfile 15728640\nkernel 5\nshmem 10485760\n"},
                      {folder + "/memory.peak", "62914560\n"},
                      {folder + "/io.stat", "8:0 rbytes=100 wbytes=200 rios=3 wios=4 dbytes=0 dios=0\n"}}));
    LocalUsage usage = usage_of(files, v2_at(files));
    usage.watch(attempt, {.pid = 100, .group = group}, Instant{});
    const auto seen = usage.sample(attempt, Instant(3s));
    REQUIRE(seen);
    CHECK(seen->memory == 40_MiB);
    CHECK(seen->page_cache == 5_MiB);
    CHECK(seen->memory_high_water == 60_MiB);
    CHECK(seen->cpu == 2500ms);
    CHECK(seen->read_bytes == 100_B);
    CHECK(seen->write_bytes == 200_B);
    CHECK(seen->read_operations == 3);
    CHECK(seen->write_operations == 4);
    CHECK(seen->threads == 4);
    CHECK(seen->processes == 3);
    CHECK(usage.kind() == "cgroup-v2");
}

// The group's file leaves out what is written back later: 123 bytes by its processes against 20.
TEST_CASE("v1: a group that stands in blkio tells operations, and bytes where it has seen more than its processes") {
    const std::string folder = "/cg/blkio/" + group;
    const LiteralTree files(with(with(v1_memory(), tree_of_processes()),
                                 {{"/cg/memory/" + group + "/tasks", "100\n101\n105\n"},
                                  {"/cg/cpuacct/" + group + "/cpuacct.usage", "1\n"},
                                  {folder + "/blkio.throttle.io_service_bytes", "8:0 Read 9000\n8:0 Write 20\n"},
                                  {folder + "/blkio.throttle.io_serviced", "8:0 Read 5\n8:0 Write 6\nTotal 11\n"}}));
    CgroupTree tree = v1_at(files);
    tree.blkio = files.root + "/cg/blkio";
    LocalUsage usage = usage_of(files, tree);
    usage.watch(attempt, {.pid = 100, .group = group}, Instant{});
    const auto seen = usage.sample(attempt, Instant(3s));
    REQUIRE(seen);
    CHECK(seen->read_bytes == 9000_B);
    CHECK(seen->write_bytes == 120_B);
    CHECK(seen->read_operations == 5);
    CHECK(seen->write_operations == 6);
    CHECK(seen->threads == 3);
}

TEST_CASE("memory and CPU time are read at every sample, the rest from time to time") {
    const std::string folder = "/cg/unified/" + group;
    const LiteralTree files(with(leaf(), {{folder + "/memory.stat", "anon 1048576\nfile 0\nshmem 0\n"},
                                          {folder + "/io.stat", "8:0 rbytes=100 wbytes=200 rios=3 wios=4\n"}}));
    LocalUsage usage = usage_of(files, v2_at(files));
    usage.watch(attempt, {.pid = 100, .group = group}, Instant{});
    REQUIRE(usage.sample(attempt, Instant(100ms)));
    files.write(folder + "/memory.stat", "anon 2097152\nfile 0\nshmem 0\n");
    files.write(folder + "/cpu.stat", "usage_usec 9000000\n");
    files.write(folder + "/io.stat", "8:0 rbytes=101 wbytes=201 rios=4 wios=5\n");
    const auto soon = usage.sample(attempt, Instant(200ms));
    REQUIRE(soon);
    CHECK(soon->memory == 2_MiB);
    CHECK(soon->cpu == 9s);
    CHECK(soon->read_bytes == 100_B);
    CHECK(soon->memory_stall == 11us);
    CHECK(soon->processes == 3);
    CHECK(soon->threads == 4);
    CHECK(usage.sample(attempt, Instant(600ms))->read_bytes == 101_B);
    files.write(folder + "/io.stat", "8:0 rbytes=102 wbytes=201 rios=4 wios=5\n");
    CHECK(usage.sample(attempt, Instant(5600ms))->read_bytes == 102_B);
    files.write(folder + "/io.stat", "8:0 rbytes=103 wbytes=201 rios=4 wios=5\n");
    CHECK(usage.sample(attempt, Instant(6500ms))->read_bytes == 102_B);
    CHECK(usage.close(attempt, {.pid = 100, .group = group}, Instant(7s))->read_bytes == 103_B);
}

TEST_CASE("where the memory controller is not ours, memory is summed over the group's processes, and kind says so") {
    const LiteralTree files(with(leaf(), tree_of_processes()));
    CgroupTree tree = v2_at(files);
    tree.memory.clear();
    LocalUsage usage = usage_of(files, tree);
    usage.watch(attempt, {.pid = 100, .group = group}, Instant{});
    CHECK(usage.sample(attempt, Instant(3s))->memory == 7_MiB + 512_KiB);
    CHECK(usage.kind() == "cgroup-v2 (memory by /proc)");
}

TEST_CASE("a group that has vanished gives nothing") {
    const LiteralTree files(with(v1_memory(), leaf()));
    LocalUsage usage = usage_of(files, hybrid_at(files));
    usage.watch(attempt, {.pid = 100, .group = group}, Instant{});
    REQUIRE(usage.sample(attempt, Instant(1s)));
    files.write("/cg/memory/" + group + "/memory.stat", "");
    CHECK_FALSE(usage.sample(attempt, Instant(2s)));
    CHECK(usage.memory_in_use() == 0_B);
    CHECK_FALSE(usage.sample({8, 1}, Instant(2s)));
}

TEST_CASE("an attempt that was never watched still leaves its totals and marks") {
    const LiteralTree files(with(v1_memory(), leaf()));
    LocalUsage usage = usage_of(files, hybrid_at(files));
    const auto last = usage.close(attempt, {.pid = 100, .group = group}, Instant(1s));
    REQUIRE(last);
    CHECK(last->cpu == 2500ms);
    CHECK(last->memory_high_water == 60_MiB);
    CHECK(last->page_cache == 5_MiB);
    CHECK_FALSE(usage.close({8, 1}, {.pid = 101, .group = "plimsoll/run/8.1"}, Instant(1s)));
    CHECK_FALSE(usage.close({9, 1}, {.pid = 102, .group = {}}, Instant(1s)));
}

TEST_CASE("without cgroups an attempt is its tree of processes") {
    const LiteralTree files(with(tree_of_processes(), children_lists(::getpid())));
    LocalUsage usage = usage_of(files, CgroupTree{});
    usage.watch(attempt, {.pid = 100, .group = {}}, Instant{});
    const auto seen = usage.sample(attempt, Instant(3s));
    REQUIRE(seen);
    check_tree(*seen);
    CHECK(usage.kind() == "proc");
}

TEST_CASE("where the kernel lists no children, the tree is found among all processes") {
    const LiteralTree files(tree_of_processes());
    LocalUsage usage = usage_of(files, CgroupTree{});
    usage.watch(attempt, {.pid = 100, .group = {}}, Instant{});
    const auto seen = usage.sample(attempt, Instant(3s));
    REQUIRE(seen);
    check_tree(*seen);
}

TEST_CASE("a tree whose first process is gone gives nothing; others that go count nothing") {
    const LiteralTree files(with(tree_of_processes(), children_lists(::getpid())));
    LocalUsage usage = usage_of(files, CgroupTree{});
    usage.watch(attempt, {.pid = 100, .group = {}}, Instant{});
    files.remove("/proc/102");
    CHECK(usage.sample(attempt, Instant(1s))->memory == 11_MiB + 512_KiB);
    files.remove("/proc/100");
    CHECK_FALSE(usage.sample(attempt, Instant(2s)));
}

// A folder in the file's place: like a file that may not be read, it can be opened by none and every user.
TEST_CASE("what a process refuses to tell is unseen, and kind says so") {
    Files all = with(tree_of_processes(), children_lists(::getpid()));
    all.erase("/proc/101/io");
    const LiteralTree files(with(all, {{"/proc/101/io/x", ""}}));
    LocalUsage usage = usage_of(files, CgroupTree{});
    CHECK(usage.kind() == "proc");
    usage.watch(attempt, {.pid = 100, .group = {}}, Instant{});
    const auto seen = usage.sample(attempt, Instant(1s));
    CHECK(seen->read_bytes == 1034_B);
    CHECK(seen->memory == 15_MiB + 512_KiB);
    CHECK(usage.kind() == "proc (disk unseen)");
}

TEST_CASE("memory used by others is what is not available, less what is watched here") {
    const LiteralTree files(with(v1_memory(), {{"/proc/meminfo", "MemTotal: 1048576 kB\nMemAvailable: 524288 kB\n"}}));
    machine::Host host;
    host.amounts.memory = 1_GiB;
    LocalUsage usage(v1_at(files), host, files.root);
    CHECK(usage.memory_used_by_others() == 512_MiB);
    usage.watch(attempt, {.pid = 100, .group = group}, Instant{});
    usage.sample(attempt, Instant(1s));
    CHECK(usage.memory_used_by_others() == 472_MiB);
    files.remove("/proc/meminfo");
    CHECK_FALSE(usage.memory_used_by_others());
}
