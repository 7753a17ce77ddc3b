// SPDX-License-Identifier: Apache-2.0
// What others do to the groups of running attempts is noticed, and told once.
#include <doctest/doctest.h>

#include "plimsoll/machine/cgroup_memory.h"
#include "plimsoll/shape/local_limits.h"
#include "tests/machine/held_task.h"
#include "tests/machine/trees.h"

using namespace plimsoll;
using namespace plimsoll::shape;
using namespace std::chrono_literals;

namespace {

constexpr AttemptId attempt{.task = 1, .number = 1};

void move_to_top(int pid, const machine::CgroupTree& tree) {
    REQUIRE(write_kernel_file(tree.memory + "/cgroup.procs", std::to_string(pid)));
}

}  // namespace

TEST_CASE("a memory limit that somebody else changed is told once, and the next write restores it") {
    on_each_tree([](const machine::CgroupTree& tree) {
        const Limits held{.memory_notice = 80_MiB, .memory = 96_MiB};
        HeldTask task(tree, held);
        LocalLimits limits(tree);
        limits.watch(attempt, task.placement(), held);
        CHECK_FALSE(limits.inspect(attempt));
        REQUIRE(machine::set_cgroup_memory_limit(tree, task.group(), 48_MiB));
        const auto deviation = limits.inspect(attempt);
        REQUIRE(deviation);
        CHECK(deviation->kind == Deviation::Kind::limit_changed);
        CHECK(deviation->detail == "its memory limit was changed from 96.0 MiB to 48.0 MiB by somebody else");
        CHECK_FALSE(limits.inspect(attempt));
        CHECK(limits.set(attempt, held));
        CHECK(machine::cgroup_memory_limit(tree, task.group()) == 96_MiB);
        CHECK_FALSE(limits.inspect(attempt));
    });
}

TEST_CASE("a process that left its group is told once, by name") {
    on_each_tree([](const machine::CgroupTree& tree) {
        HeldTask task(tree, {});
        LocalLimits limits(tree);
        limits.watch(attempt, task.placement(), {});
        const int child = task.start_child();
        CHECK_FALSE(limits.inspect(attempt));
        CHECK_FALSE(limits.inspect(attempt));
        move_to_top(child, tree);
        CHECK_FALSE(limits.inspect(attempt));
        const auto deviation = limits.inspect(attempt);
        REQUIRE(deviation);
        CHECK(deviation->kind == Deviation::Kind::left_group);
        CHECK(deviation->detail.starts_with("its process " + std::to_string(child) + " ("));
        CHECK_FALSE(limits.inspect(attempt));
        ::kill(child, SIGKILL);
    });
}

TEST_CASE("a group that was removed under a running task is told once") {
    on_each_tree([](const machine::CgroupTree& tree) {
        HeldTask task(tree, {});
        LocalLimits limits(tree);
        limits.watch(attempt, task.placement(), {});
        move_to_top(task.pid(), tree);
        REQUIRE(::rmdir(task.folder(tree.memory).c_str()) == 0);
        const auto deviation = limits.inspect(attempt);
        REQUIRE(deviation);
        CHECK(deviation->kind == Deviation::Kind::group_vanished);
        CHECK_FALSE(limits.inspect(attempt));
    });
}

TEST_CASE("a quota that somebody else changed is told, and the next write restores it") {
    on_each_tree([](const machine::CgroupTree& tree) {
        if (tree.cpu.empty()) PLIM_SKIP("no cpu controller that this user may use");
        const Limits held{.cpu = 0.5_cores, .cpu_by = CpuLimit::quota};
        HeldTask task(tree, held);
        LocalLimits limits(tree);
        limits.watch(attempt, task.placement(), held);
        CHECK_FALSE(limits.inspect(attempt));
        const bool is_v2 = tree.kind == machine::CgroupKind::v2;
        const std::string file = task.folder(tree.cpu) + (is_v2 ? "/cpu.max" : "/cpu.cfs_quota_us");
        const std::string before = read_file(file).value();
        REQUIRE(write_kernel_file(file, "20000"));
        const auto deviation = limits.inspect(attempt);
        REQUIRE(deviation);
        CHECK(deviation->detail.starts_with("its CPU quota was changed from '50000"));
        CHECK_FALSE(limits.inspect(attempt));
        CHECK(limits.set(attempt, held));
        CHECK(read_file(file).value() == before);
        CHECK_FALSE(limits.inspect(attempt));
    });
}
