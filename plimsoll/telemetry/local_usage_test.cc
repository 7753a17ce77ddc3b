// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/telemetry/local_usage.h"

#include <doctest/doctest.h>

#include "plimsoll/telemetry/usage_files_for_test.h"

using namespace plimsoll;
using namespace plimsoll::telemetry;
using namespace std::chrono_literals;

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

TEST_CASE("in a container the largest process's mark is read, but for what is the runtime's yet") {
    const auto processes_named = [](const std::string& name) {
        return with(with(with(v1_memory(), leaf()), tree_of_processes()),
                    {{"/proc/101/status", "Name:\t" + name +
                                              "\nVmHWM:\t 20480 kB\nRssAnon:\t 1 kB\nRssFile:\t 1 kB\n"
                                              "RssShmem:\t 0 kB\n"}});
    };
    for (const auto& [name, expected] : {std::pair("bwa", 20_MiB), std::pair("runc:[2:INIT]", 9999_KiB)}) {
        const LiteralTree files(processes_named(name));
        LocalUsage usage = usage_of(files, hybrid_at(files));
        usage.watch(attempt, {.pid = 100, .group = group, .pid_file = "/none"}, Instant{});
        CHECK(usage.sample(attempt, Instant(3s))->process_high_water == expected);
        usage.watch(attempt, {.pid = 100, .group = group}, Instant{});
        CHECK(usage.sample(attempt, Instant(3s))->process_high_water == 0_B);
    }
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
