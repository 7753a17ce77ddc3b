// SPDX-License-Identifier: Apache-2.0
// Attempts that are frozen, or stand at their memory limit, end when they are told to, and when their owner is gone.
#include <doctest/doctest.h>
#include <signal.h>
#include <sys/wait.h>

#include <algorithm>

#include "plimsoll/machine/cgroup_freeze.h"
#include "plimsoll/machine/cgroup_memory.h"
#include "plimsoll/machine/sweep.h"
#include "plimsoll/shape/local_limits.h"
#include "tests/machine/held_task.h"
#include "tests/machine/task_bench.h"
#include "tests/machine/trees.h"

using namespace plimsoll;
using namespace plimsoll::engine;
using namespace std::chrono_literals;

namespace {

constexpr AttemptId attempt{.task = 1, .number = 1};

/// Starts a task, freezes it, and stops it so; how it ended.
Outcome end_of_frozen(const std::optional<machine::CgroupTree>& tree, StopHow how) {
    TaskBench bench(tree.has_value(), tree);
    shape::LocalLimits limits(bench.engine->cgroups());
    const auto placement = bench.engine->start(bench.launch("sleep 91.5 & sleep 91.5; exit 3"));
    REQUIRE(placement);
    limits.watch(attempt, *placement, {});
    REQUIRE(becomes([] { return count_sleeps("91.5") == 2; }));
    REQUIRE(limits.freeze(attempt));
    CHECK(bench.engine->wait(bench.clock.now() + 10ms).empty());
    bench.engine->stop(attempt, how);
    const std::vector<Ended> ended = bench.engine->wait(bench.clock.now() + 10s);
    REQUIRE(ended.size() == 1);
    CHECK(count_sleeps("91.5") == 0);
    return ended.front().outcome;
}

/// An owner that dies and leaves a task in this state.
void leave_behind(const machine::CgroupTree& tree, const std::string& run, bool is_frozen, bool is_stalled) {
    const pid_t owner = ::fork();
    if (owner != 0) {
        ::waitpid(owner, nullptr, 0);
        return;
    }
    const std::string group = machine::run_group(run, machine::own_mark().text()) + "/1.1";
    const Limits limits = is_stalled ? Limits{.memory_notice = 8_MiB, .memory = 8_MiB} : Limits{};
    Limits held;
    if (!machine::make_cgroup(tree, group) || !machine::write_cgroup_limits(tree, group, limits, held)) ::_exit(1);
    if (::fork() == 0) {
        for (const std::string& hierarchy : tree.hierarchies())
            (void)write_kernel_file(hierarchy + "/" + group + "/cgroup.procs", "0");
        std::vector<char> memory(is_stalled ? 64 << 20 : 1);
        std::fill(memory.begin(), memory.end(), 'x');
        while (true) ::pause();
    }
    const auto is_ready = [&] {
        if (machine::cgroup_processes(tree, group).empty()) return false;
        return !is_stalled || machine::read_cgroup_memory(tree, group)->is_stalled;
    };
    const bool ready = becomes(is_ready);
    if (is_frozen) (void)machine::freeze_cgroup(tree, group);
    ::_exit(ready ? 0 : 1);
}

}  // namespace

TEST_CASE("a frozen attempt ends when it is told to, by terminating and by killing, with and without groups") {
    std::vector<std::optional<machine::CgroupTree>> trees = {std::nullopt};
    for (const machine::CgroupTree& tree : cgroup_trees()) trees.emplace_back(tree);
    for (const auto& tree : trees) {
        const std::string kind(machine::name_of(tree ? tree->kind : machine::CgroupKind::none));
        CAPTURE(kind);
        CHECK(end_of_frozen(tree, StopHow::terminate).code == SIGTERM);
        CHECK(end_of_frozen(tree, StopHow::kill).code == SIGKILL);
    }
}

TEST_CASE("what a dead owner left frozen, or waiting at its limit, is ended by the next sweep") {
    on_each_tree([](const machine::CgroupTree& tree) {
        for (const bool is_frozen : {false, true})
            for (const bool is_stalled : {false, true}) {
                if (is_stalled && !tree.is_memory_v1()) continue;
                CAPTURE(is_frozen);
                CAPTURE(is_stalled);
                const std::string run = "test-" + random_hex(6);
                leave_behind(tree, run, is_frozen, is_stalled);
                const machine::Swept swept = machine::sweep(tree, MachineClock());
                CHECK(swept.left.empty());
                CHECK(swept.processes >= 1);
                CHECK(std::count(swept.runs.begin(), swept.runs.end(), run) == 1);
            }
    });
}
