// SPDX-License-Identifier: Apache-2.0
// Owners are killed, and the sweep that follows leaves nothing of theirs and everything of the living.
#include "plimsoll/machine/sweep.h"

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "tests/machine/task_bench.h"
#include "tests/skip.h"

using namespace plimsoll;
using namespace plimsoll::engine;
using namespace plimsoll::machine;
using namespace std::chrono_literals;

namespace {

/// A process of its own that starts tasks until it is killed, at most two at a time.
struct Owner {
    std::string run_id = "test-" + random_hex(6);
    std::string folder = (std::filesystem::temp_directory_path() / ("plimsoll-owner-" + run_id)).string();
    pid_t pid;

    Owner(const std::string& command, bool use_cgroups) {
        std::filesystem::create_directories(folder);
        pid = ::fork();
        if (pid == 0) start_tasks(command, use_cgroups);
    }
    ~Owner() { std::filesystem::remove_all(folder); }
    Owner(const Owner&) = delete;
    Owner& operator=(const Owner&) = delete;

    [[noreturn]] void start_tasks(const std::string& command, bool use_cgroups) const {
        const MachineClock clock;
        auto engine = LocalEngine::open({.run = run_id, .capacity = {}, .use_cgroups = use_cgroups}, clock).value();
        int running = 0;
        for (TaskId task = 0;; ++task) {
            const auto started = engine->start({.attempt = {.task = task, .number = 1},
                                                .task_name = "t",
                                                .command = command,
                                                .shell = {},
                                                .workdir = folder,
                                                .env = {},
                                                .log = folder + "/" + std::to_string(task),
                                                .reserved = {}});
            running += started.has_value();
            while (running >= 2) running -= static_cast<int>(engine->wait(clock.now() + 60s).size());
        }
    }
    void kill() const {
        ::kill(pid, SIGKILL);
        ::waitpid(pid, nullptr, 0);
    }
};

void wait_a_little(const Clock& clock, Duration span) {
    for (const Instant until = clock.now() + span; clock.now() < until;) ::usleep(1000);
}

bool has_groups_of(const CgroupTree& tree, const std::string& run) {
    for (const std::string& hierarchy : tree.hierarchies())
        for (const std::string& name : subgroups(hierarchy, std::string(cgroup_top)))
            if (name.starts_with(run)) return true;
    return false;
}

void wait_for_sleeps(const Clock& clock, const std::string& seconds) {
    for (const Instant give_up = clock.now() + 10s; count_sleeps(seconds) < 2 && clock.now() < give_up;)
        wait_a_little(clock, 2ms);
}

}  // namespace

TEST_CASE("what a killed owner left in groups is ended, and its groups are gone") {
    const MachineClock clock;
    const CgroupTree tree = find_cgroups();
    if (tree.kind == CgroupKind::none) PLIM_SKIP("no cgroups that this user may use");
    const Owner owner("env -i setsid sleep 81.25 & sleep 81.25 & wait", true);
    wait_for_sleeps(clock, "81.25");
    owner.kill();
    const Swept swept = sweep(tree, clock);
    CHECK(swept.left.empty());
    CHECK(std::count(swept.runs.begin(), swept.runs.end(), owner.run_id) == 1);
    CHECK(count_sleeps("81.25") == 0);
    CHECK_FALSE(has_groups_of(tree, owner.run_id));
}

TEST_CASE("what a killed owner left without groups is found by its marks") {
    const MachineClock clock;
    const Owner owner("setsid sleep 82.25 & sleep 82.25 & wait", false);
    wait_for_sleeps(clock, "82.25");
    owner.kill();
    const Swept swept = sweep(find_cgroups(), clock);
    CHECK(swept.processes >= 2);
    CHECK(count_sleeps("82.25") == 0);
}

TEST_CASE("a sweep touches nothing of a living owner, nor what it does not know") {
    const MachineClock clock;
    const CgroupTree tree = find_cgroups();
    const Owner owner("sleep 83.25", true);
    wait_for_sleeps(clock, "83.25");
    if (tree.kind != CgroupKind::none) REQUIRE(make_cgroup(tree, "plimsoll/not-a-run"));
    const Swept swept = sweep(tree, clock);
    CHECK(std::count(swept.runs.begin(), swept.runs.end(), owner.run_id) == 0);
    CHECK(count_sleeps("83.25") == 2);
    if (tree.kind != CgroupKind::none) {
        CHECK(has_groups_of(tree, "not-a-run"));
        REQUIRE(remove_cgroup(tree, "plimsoll/not-a-run"));
    }
    owner.kill();
    sweep(tree, clock);
    CHECK(count_sleeps("83.25") == 0);
}

TEST_CASE("killed at any instant, an owner leaves nothing that a sweep does not end") {
    const MachineClock clock;
    const CgroupTree tree = find_cgroups();
    const std::uint64_t seed = 20261121;
    CAPTURE(seed);
    Rng rng(seed);
    for (int round = 0; round < 30; ++round) {
        const Owner owner("sh -c 'sleep 84.25 & true'", round % 3 != 0);
        wait_a_little(clock, std::chrono::microseconds(rng.between(0, 20'000)));
        owner.kill();
        const Swept swept = sweep(tree, clock);
        CHECK(swept.left.empty());
        CHECK_FALSE(has_groups_of(tree, owner.run_id));
    }
    // A child that was being born while its owner died may have shown its mark only after the last sweep.
    wait_a_little(clock, 5ms);
    sweep(tree, clock);
    CHECK(count_sleeps("84.25") == 0);
}

TEST_CASE("sweeps at the same time do not get in each other's way") {
    const MachineClock clock;
    const CgroupTree tree = find_cgroups();
    const Owner owner("sleep 85.25 & wait", true);
    wait_for_sleeps(clock, "85.25");
    owner.kill();
    std::vector<pid_t> sweepers;
    for (int each = 0; each < 4; ++each) {
        const pid_t pid = ::fork();
        if (pid == 0) ::_exit(sweep(tree, clock).left.empty() ? 0 : 1);
        sweepers.push_back(pid);
    }
    for (const pid_t pid : sweepers) {
        int status = -1;
        ::waitpid(pid, &status, 0);
        CHECK(status == 0);
    }
    CHECK(count_sleeps("85.25") == 0);
    CHECK_FALSE(has_groups_of(tree, owner.run_id));
}
