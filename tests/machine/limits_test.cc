// SPDX-License-Identifier: Apache-2.0
// The limits of running processes on every kind of cgroup that this machine has.
#include <doctest/doctest.h>

#include <algorithm>

#include "plimsoll/machine/cgroup_freeze.h"
#include "plimsoll/machine/cgroup_memory.h"
#include "plimsoll/shape/local_limits.h"
#include "tests/machine/held_task.h"
#include "tests/skip.h"

using namespace plimsoll;
using namespace plimsoll::shape;
using namespace std::chrono_literals;

namespace {

constexpr AttemptId attempt{.task = 1, .number = 1};

/// What this machine has, and the v1 part of a hybrid on its own.
std::vector<machine::CgroupTree> trees() {
    std::vector<machine::CgroupTree> found = {machine::find_cgroups()};
    if (found[0].kind == machine::CgroupKind::hybrid && !found[0].freezer.empty()) {
        found.push_back(found[0]);
        found[1].unified.clear();
        found[1].kind = machine::CgroupKind::v1;
    }
    std::erase_if(found, [](const machine::CgroupTree& tree) { return tree.memory.empty(); });
    return found;
}

/// The first thing it is told about, within a while.
std::optional<Pressed> next_pressed(LocalLimits& limits, Duration limit = 2s) {
    std::vector<Pressed> all;
    becomes([&] { return !(all = limits.take_pressed()).empty(); }, limit);
    return all.empty() ? std::nullopt : std::optional(all.front());
}

}  // namespace

#define FOR_EACH_TREE(tree)                                                    \
    if (trees().empty()) PLIM_SKIP("no memory cgroup that this user may use"); \
    for (const machine::CgroupTree& tree : trees())                            \
        if (const std::string kind(name_of(tree.kind)); true)                  \
            if (INFO("on " << kind); true)

TEST_CASE("a task that needs more than its first limit goes on when it is given more") {
    FOR_EACH_TREE(tree) {
        const Limits first{.memory_notice = 24_MiB, .memory = 32_MiB};
        HeldTask task(tree, first);
        LocalLimits limits(tree);
        limits.watch(attempt, task.placement(), first);
        task.touch(48_MiB);
        Limits held = first;
        const bool is_through = becomes([&] {
            if (limits.take_pressed().empty()) return task.is_done(0ms);
            held.memory_notice += 16_MiB;
            held.memory += 16_MiB;
            REQUIRE(limits.set(attempt, held));
            return false;
        });
        CHECK(is_through);
        CHECK(held.memory > 32_MiB);
        CHECK(machine::cgroup_oom_kills(tree, task.group()) == 0);
    }
}

TEST_CASE("a mark that is passed is told once, until it is moved") {
    FOR_EACH_TREE(tree) {
        const Limits first{.memory_notice = 32_MiB, .memory = 256_MiB};
        HeldTask task(tree, first);
        LocalLimits limits(tree);
        limits.watch(attempt, task.placement(), first);
        sleep_for(60ms);
        CHECK(limits.take_pressed().empty());
        task.touch(33_MiB);
        CHECK(next_pressed(limits) == Pressed{.attempt = attempt, .is_stalled = false});
        CHECK_FALSE(next_pressed(limits, 150ms));
        REQUIRE(limits.set(attempt, {.memory_notice = 48_MiB, .memory = 256_MiB}));
        CHECK(task.is_done());
        task.touch(17_MiB);
        CHECK(next_pressed(limits) == Pressed{.attempt = attempt, .is_stalled = false});
    }
}

TEST_CASE("a frozen task stands still until it is thawed") {
    FOR_EACH_TREE(tree) {
        HeldTask task(tree, {});
        LocalLimits limits(tree);
        limits.watch(attempt, task.placement(), {});
        REQUIRE(limits.freeze(attempt));
        REQUIRE(limits.freeze(attempt));
        CHECK(becomes([&] { return machine::is_cgroup_frozen(tree, task.group()); }));
        task.rest();
        CHECK_FALSE(task.is_done(20ms));
        REQUIRE(limits.thaw(attempt));
        REQUIRE(limits.thaw(attempt));
        CHECK(task.is_done());
    }
}

TEST_CASE("a limit below what is in use is refused, and the one before holds") {
    FOR_EACH_TREE(tree) {
        const Limits first{.memory_notice = 80_MiB, .memory = 96_MiB};
        HeldTask task(tree, first);
        LocalLimits limits(tree);
        limits.watch(attempt, task.placement(), first);
        task.touch(48_MiB);
        REQUIRE(task.is_done());
        const Result<void> set = limits.set(attempt, {.memory_notice = 20_MiB, .memory = 24_MiB});
        REQUIRE_FALSE(set);
        CHECK(set.error().kind == ErrorKind::refused);
        CHECK(machine::cgroup_memory_limit(tree, task.group()) == 96_MiB);
        task.rest();
        CHECK(task.is_done());
    }
}
