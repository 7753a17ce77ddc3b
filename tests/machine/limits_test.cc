// SPDX-License-Identifier: Apache-2.0
// Memory of running processes, and waiting, on every kind of cgroup that this machine has, and without.
#include <doctest/doctest.h>
#include <sys/epoll.h>

#include "plimsoll/machine/cgroup_freeze.h"
#include "plimsoll/machine/cgroup_memory.h"
#include "plimsoll/shape/local_limits.h"
#include "tests/machine/held_task.h"
#include "tests/machine/trees.h"

using namespace plimsoll;
using namespace plimsoll::shape;
using namespace std::chrono_literals;

namespace {

constexpr AttemptId attempt{.task = 1, .number = 1};

/// A task that is held to limits and watched.
struct Bench {
    HeldTask task;
    LocalLimits limits;

    Bench(const machine::CgroupTree& tree, const Limits& first) : task(tree, first), limits(tree) {
        limits.watch(attempt, task.placement(), first);
    }
    /// The first thing that is told, within a while. (On v2 the kernel searches for pages to reclaim first, and in
    /// User-Mode Linux, which has one core, nobody else runs meanwhile.)
    std::optional<Pressed> next_pressed(Duration limit = 20s) {
        std::vector<Pressed> all;
        becomes([&] { return !(all = limits.take_pressed()).empty(); }, limit);
        return all.empty() ? std::nullopt : std::optional(all.front());
    }
};

bool is_readable(int fd) {
    pollfd wanted{.fd = fd, .events = POLLIN, .revents = 0};
    return ::poll(&wanted, 1, 0) == 1;
}

}  // namespace

TEST_CASE("a task that needs more than its first limit goes on as it is given more") {
    on_each_tree([](const machine::CgroupTree& tree) {
        Limits held{.memory_notice = 24_MiB, .memory = 32_MiB};
        Bench bench(tree, held);
        bench.task.touch(64_MiB);
        CHECK(becomes([&] {
            if (bench.limits.take_pressed().empty()) return bench.task.is_done(0ms);
            held.memory_notice += 16_MiB;
            held.memory += 16_MiB;
            REQUIRE(bench.limits.set(attempt, held));
            return false;
        }));
        CHECK(held.memory > 64_MiB);
        CHECK(machine::cgroup_oom_kills(tree, bench.task.group()) == 0);
    });
}

TEST_CASE("v1: a task that stands at its limit is told as such, waits, and goes on when the limit is raised") {
    on_each_tree([](const machine::CgroupTree& tree) {
        if (!tree.is_memory_v1()) PLIM_SKIP("v2 slows down before the limit");
        Bench bench(tree, {.memory_notice = 16_MiB, .memory = 16_MiB});
        bench.task.touch(24_MiB);
        CHECK(becomes([&] {
            const auto all = bench.limits.take_pressed();
            return !all.empty() && all.front().is_stalled;
        }));
        CHECK_FALSE(bench.task.is_done(20ms));
        REQUIRE(bench.limits.set(attempt, {.memory_notice = 64_MiB, .memory = 64_MiB}));
        CHECK(bench.task.is_done());
    });
}

TEST_CASE("a mark that is passed is told once, until it is moved") {
    on_each_tree([](const machine::CgroupTree& tree) {
        Bench bench(tree, {.memory_notice = 32_MiB, .memory = 256_MiB});
        sleep_for(60ms);
        CHECK(bench.limits.take_pressed().empty());
        bench.task.touch(40_MiB);
        CHECK(bench.next_pressed() == Pressed{.attempt = attempt, .is_stalled = false});
        if (tree.is_memory_v1()) CHECK_FALSE(bench.next_pressed(100ms));
        REQUIRE(bench.limits.set(attempt, {.memory_notice = 48_MiB, .memory = 256_MiB}));
        CHECK(bench.task.is_done());
        bench.task.touch(16_MiB);
        CHECK(bench.next_pressed() == Pressed{.attempt = attempt, .is_stalled = false});
    });
}

TEST_CASE("the descriptor is readable while there is something to tell") {
    on_each_tree([](const machine::CgroupTree& tree) {
        Bench bench(tree, {.memory_notice = 8_MiB, .memory = 64_MiB});
        CHECK_FALSE(is_readable(bench.limits.wake_fd()));
        bench.task.touch(16_MiB);
        CHECK(becomes([&] { return is_readable(bench.limits.wake_fd()); }));
        CHECK(bench.limits.take_pressed().size() == 1);
        CHECK_FALSE(is_readable(bench.limits.wake_fd()));
    });
}

// Sixteen times as much as fits goes through the cache, so that usage stands at the mark or the limit all the time.
TEST_CASE("page cache that fills a task's memory wakes nobody, and need that grows beside it does") {
#if defined(__SANITIZE_THREAD__)
    PLIM_SKIP("ThreadSanitizer's own memory is some times what the task touches");
#endif
    on_each_tree([](const machine::CgroupTree& tree) {
        Bench bench(tree, {.memory_notice = 24_MiB, .memory = 32_MiB});
        sleep_for(60ms);
        for (int each = 0; each < 4; ++each) {
            bench.task.fill_cache(32_MiB);
            REQUIRE(bench.task.is_done());
            CHECK_FALSE(is_readable(bench.limits.wake_fd()));
        }
        bench.task.touch(25_MiB);
        CHECK(bench.next_pressed() == Pressed{.attempt = attempt, .is_stalled = false});
    });
}

TEST_CASE("who does nothing about an attempt is told about it at most some twenty times a second") {
    on_each_tree([](const machine::CgroupTree& tree) {
        const MachineClock clock;
        Bench bench(tree, {.memory_notice = 8_MiB, .memory = 16_MiB});
        bench.task.touch(32_MiB);
        REQUIRE(bench.next_pressed());
        int told = 1;
        for (const Instant end = clock.now() + 250ms; clock.now() < end; sleep_for(1ms))
            told += static_cast<int>(bench.limits.take_pressed().size());
        CHECK(told <= 6);
    });
}

TEST_CASE("an attempt that is forgotten is not told about") {
    on_each_tree([](const machine::CgroupTree& tree) {
        Bench bench(tree, {.memory_notice = 8_MiB, .memory = 64_MiB});
        bench.task.touch(16_MiB);
        REQUIRE(becomes([&] { return is_readable(bench.limits.wake_fd()); }));
        bench.limits.forget(attempt);
        CHECK(bench.limits.take_pressed().empty());
        CHECK(bench.limits.set(attempt, {}).error().kind == ErrorKind::not_found);
        CHECK(bench.limits.freeze(attempt).error().kind == ErrorKind::not_found);
    });
}

TEST_CASE("a limit below what is in use is refused, and the one before holds") {
#if defined(__SANITIZE_THREAD__)
    PLIM_SKIP("ThreadSanitizer's own memory is some times what the task touches");
#endif
    on_each_tree([](const machine::CgroupTree& tree) {
        Bench bench(tree, {.memory_notice = 80_MiB, .memory = 96_MiB});
        bench.task.touch(48_MiB);
        REQUIRE(bench.task.is_done());
        const Result<void> set = bench.limits.set(attempt, {.memory_notice = 20_MiB, .memory = 24_MiB});
        REQUIRE_FALSE(set);
        CHECK(set.error().kind == ErrorKind::refused);
        CHECK(machine::cgroup_memory_limit(tree, bench.task.group()) == 96_MiB);
        bench.task.rest();
        CHECK(bench.task.is_done());
        CHECK_FALSE(bench.limits.inspect(attempt));
    });
}

TEST_CASE("a limit can be lowered to what page cache leaves free") {
    on_each_tree([](const machine::CgroupTree& tree) {
        Bench bench(tree, {.memory_notice = 90_MiB, .memory = 96_MiB});
        bench.task.fill_cache(64_MiB);
        REQUIRE(bench.task.is_done());
        CHECK(bench.limits.set(attempt, {.memory_notice = 20_MiB, .memory = 24_MiB}));
        CHECK(machine::cgroup_memory_limit(tree, bench.task.group()) == 24_MiB);
        CHECK(machine::cgroup_oom_kills(tree, bench.task.group()) == 0);
    });
}

TEST_CASE("a frozen task stands still until it is thawed") {
    on_each_tree([](const machine::CgroupTree& tree) {
        Bench bench(tree, {});
        REQUIRE(bench.limits.freeze(attempt));
        REQUIRE(bench.limits.freeze(attempt));
        CHECK(becomes([&] { return machine::is_cgroup_frozen(tree, bench.task.group()); }));
        bench.task.rest();
        CHECK_FALSE(bench.task.is_done(20ms));
        REQUIRE(bench.limits.thaw(attempt));
        REQUIRE(bench.limits.thaw(attempt));
        CHECK(bench.task.is_done());
    });
}

TEST_CASE("without groups a task and what came of it are stopped, and what stood still by itself stays so") {
    Bench bench(machine::CgroupTree{}, {});
    CHECK(bench.limits.abilities().freezes);
    CHECK_FALSE(bench.limits.abilities().limits_memory);
    CHECK(bench.limits.wake_fd() == -1);
    CHECK(bench.limits.set(attempt, {.memory = 1_GiB}));
    const int running = bench.task.start_child();
    const int stopped = bench.task.start_child();
    ::kill(stopped, SIGSTOP);
    const auto stands_still = [](int pid) { return machine::process_stat("/proc", pid)->state == 'T'; };
    REQUIRE(becomes([&] { return stands_still(stopped); }));
    REQUIRE(bench.limits.freeze(attempt));
    CHECK(becomes([&] { return stands_still(bench.task.pid()) && stands_still(running); }));
    bench.task.rest();
    CHECK_FALSE(bench.task.is_done(20ms));
    REQUIRE(bench.limits.thaw(attempt));
    CHECK(bench.task.is_done());
    CHECK(becomes([&] { return !stands_still(running); }));
    CHECK(stands_still(stopped));
}

TEST_CASE("a vanished group is an error that says so") {
    on_each_tree([](const machine::CgroupTree& tree) {
        LocalLimits limits(tree);
        limits.watch(attempt, {.node = 0, .pid = 1, .group = "plimsoll/test-gone/1.1"}, {});
        CHECK(limits.set(attempt, {.memory = 64_MiB}).error().kind == ErrorKind::not_found);
        CHECK(limits.freeze(attempt).error().kind == ErrorKind::not_found);
        CHECK(limits.thaw(attempt).error().kind == ErrorKind::not_found);
    });
}
