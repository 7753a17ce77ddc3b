// SPDX-License-Identifier: Apache-2.0
// LocalUsage without cgroups: an attempt is its tree of processes.
#include <doctest/doctest.h>
#include <unistd.h>

#include "plimsoll/telemetry/local_usage.h"
#include "plimsoll/telemetry/usage_files_for_test.h"

using namespace plimsoll;
using namespace plimsoll::telemetry;
using namespace std::chrono_literals;

namespace {

/// What the tree of processes comes to: 15 MiB anon and half a MiB shmem, 1.13 s and 0.5 s waited for.
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
