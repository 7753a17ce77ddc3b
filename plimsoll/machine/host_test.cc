// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/machine/host.h"

#include <doctest/doctest.h>

#include "tests/literal_tree.h"

using namespace plimsoll;
using namespace plimsoll::machine;

namespace {

using Files = std::map<std::string, std::string>;

/// 8 cores of which we may use 6, 16 GiB of which 10 are available, and no groups.
Files plain_machine() {
    return {{"/proc/meminfo", "MemTotal:       16777216 kB\nMemFree:  1 kB\nMemAvailable:   10485760 kB\n"},
            {"/proc/self/status", "Name:\tx\nCpus_allowed:\t5f\nCpus_allowed_list:\t0-4,6\n"},
            {"/proc/cpuinfo", "processor\t: 0\nmodel name\t: AMD EPYC 7B13\nprocessor\t: 1\n"},
            {"/proc/sys/kernel/hostname", "node7\n"},
            {"/proc/sys/kernel/random/boot_id", "0b5a\n"},
            {"/etc/machine-id", "abc\n"}};
}

Files with(Files files, const Files& more) {
    for (const auto& [path, text] : more) files[path] = text;
    return files;
}

}  // namespace

TEST_CASE("a machine without limits around us is what /proc says, on the cores we may run on") {
    const LiteralTree tree(plain_machine());
    const Host host = read_host(tree.root).value();
    CHECK(host.amounts == parse_resources("cpu=6 memory=16GiB").value());
    CHECK(host.name == "node7");
    CHECK(host.model == "AMD EPYC 7B13");
    CHECK(host.boot_id == "0b5a");
    const MemoryState memory = read_memory(host, tree.root).value();
    CHECK(memory.total == 16_GiB);
    CHECK(memory.available == 10_GiB);
}

TEST_CASE("a machine keeps its identity through reboots and renames, another one differs, and the id is not shown") {
    const auto identity = [](const Files& more) {
        return read_host(LiteralTree(with(plain_machine(), more)).root).value().machine;
    };
    const std::string same = identity({});
    CHECK(same.starts_with("AMD EPYC 7B13 #"));
    CHECK(same.find("abc") == std::string::npos);
    CHECK(identity({{"/proc/sys/kernel/random/boot_id", "1c6b\n"}, {"/proc/sys/kernel/hostname", "node8\n"}}) == same);
    CHECK(identity({{"/etc/machine-id", "abd\n"}}) != same);
    CHECK(identity({{"/proc/cpuinfo", "model name\t: other\n"}}) != same);
    CHECK(identity({{"/etc/machine-id", ""}}) !=
          identity({{"/etc/machine-id", ""}, {"/proc/sys/kernel/hostname", "node8\n"}}));
}

// v2: the outer group allows 8 GiB and 4 cores, the inner one no memory limit of its own and 1.5 cores.
TEST_CASE("the tightest limit on the way to our group counts (v2)") {
    const LiteralTree tree(
        with(plain_machine(), {{"/proc/self/mountinfo", "40 31 0:33 / /cg rw,relatime - cgroup2 cgroup2 rw\n"},
                               {"/proc/self/cgroup", "0::/outer/inner\n"},
                               {"/cg/outer/memory.max", "8589934592\n"},
                               {"/cg/outer/memory.stat", "anon 5368709120\nfile 1073741824\nshmem 1073741824\n"},
                               {"/cg/outer/cpu.max", "400000 100000\n"},
                               {"/cg/outer/inner/memory.max", "max\n"},
                               {"/cg/outer/inner/cpu.max", "150000 100000\n"}}));
    const Host host = read_host(tree.root).value();
    CHECK(host.amounts == parse_resources("cpu=1.5 memory=8GiB").value());
    // 8 GiB less 6 of anon + shmem within the limit: less than the machine's 10.
    CHECK(read_memory(host, tree.root).value().available == 2_GiB);
}

TEST_CASE("the tightest limit on the way to our group counts (v1)") {
    const LiteralTree tree(
        with(plain_machine(), {{"/proc/self/mountinfo",
                                "32 31 0:29 / /cg/cpu rw - cgroup cgroup rw,cpu,cpuacct\n"
                                "35 31 0:32 / /cg/memory rw - cgroup cgroup rw,memory\n"},
                               {"/proc/self/cgroup", "5:memory:/job\n1:cpu,cpuacct:/job\n"},
                               {"/cg/memory/memory.limit_in_bytes", "9223372036854771712\n"},
                               {"/cg/memory/job/memory.limit_in_bytes", "4294967296\n"},
                               {"/cg/memory/job/memory.stat", "rss 0\nshmem 0\ntotal_rss 1073741824\ntotal_shmem 0\n"},
                               {"/cg/cpu/job/cpu.cfs_quota_us", "200000\n"},
                               {"/cg/cpu/job/cpu.cfs_period_us", "100000\n"},
                               {"/cg/cpu/cpu.cfs_quota_us", "-1\n"},
                               {"/cg/cpu/cpu.cfs_period_us", "100000\n"}}));
    const Host host = read_host(tree.root).value();
    CHECK(host.amounts == parse_resources("cpu=2 memory=4GiB").value());
    CHECK(read_memory(host, tree.root).value().available == 3_GiB);
}

TEST_CASE("a limit above what is there limits nothing") {
    const LiteralTree tree(
        with(plain_machine(), {{"/proc/self/mountinfo", "40 31 0:33 / /cg rw - cgroup2 cgroup2 rw\n"},
                               {"/proc/self/cgroup", "0::/\n"},
                               {"/cg/memory.max", "99999999999999\n"},
                               {"/cg/cpu.max", "6400000 100000\n"}}));
    CHECK(read_host(tree.root).value().amounts == parse_resources("cpu=6 memory=16GiB").value());
}

TEST_CASE("without /proc there is nothing to plan with, and the error says so") {
    const LiteralTree tree({});
    const auto host = read_host(tree.root);
    REQUIRE_FALSE(host.has_value());
    CHECK(host.error().kind == ErrorKind::unavailable);
}

TEST_CASE("lists are counted as /proc writes them") {
    CHECK(count_of_list("0") == 1);
    CHECK(count_of_list("0-3,8") == 5);
    CHECK(count_of_list("0-1,4-5,7\n") == 5);
    CHECK(count_of_list("") == 0);
    CHECK(count_of_list("3-1") == 0);
}

TEST_CASE("this machine can be read") {
    const auto host = read_host();
    REQUIRE(host.has_value());
    CHECK(host->amounts.cpu >= 0.01_cores);
    CHECK(host->amounts.memory > 64_MiB);
    CHECK(read_memory(*host)->available <= host->amounts.memory);
}
