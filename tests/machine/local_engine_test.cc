// SPDX-License-Identifier: Apache-2.0
// The local engine with the kernel's real groups, as root and as an ordinary user.
#include "plimsoll/engine/local_engine.h"

#include <doctest/doctest.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include "plimsoll/machine/cgroup_memory.h"
#include "plimsoll/machine/process.h"
#include "tests/machine/task_bench.h"
#include "tests/skip.h"

using namespace plimsoll;
using namespace plimsoll::engine;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

TEST_CASE("out of memory is told apart from a kill, by the kernel's count") {
    TaskBench bench;
    if (!bench.has_memory_limits()) PLIM_SKIP("no memory cgroup that this user may use");
    CHECK(bench.run(bench.launch("tail /dev/zero", 32_MiB)).outcome.ending == Ending::out_of_memory);
    CHECK(bench.run(bench.launch("kill -KILL $$", 32_MiB)).outcome.ending == Ending::signal);
    CHECK(bench.engine->take_notices().empty());
}

TEST_CASE("a pipeline that exits 0 although a part of it was killed for memory has not finished") {
    TaskBench bench;
    if (!bench.has_memory_limits()) PLIM_SKIP("no memory cgroup that this user may use");
    CHECK(bench.run(bench.launch("tail /dev/zero | cat", 32_MiB)).outcome.ending == Ending::out_of_memory);
}

// An outer group stands for a machine that is short of memory, and for a container's limit.
TEST_CASE("without groups the machine's own count tells out of memory") {
    TaskBench bench(false);
    const machine::CgroupTree tree = machine::find_cgroups();
    const std::string group = "plimsoll/" + bench.run_id;
    if (tree.memory.empty()) PLIM_SKIP("no memory cgroup that this user may use");
    REQUIRE(machine::make_cgroup(tree, group));
    REQUIRE(machine::set_cgroup_memory_limit(tree, group, 32_MiB));
    const std::string enter = "echo $$ > " + tree.memory + "/" + group + "/cgroup.procs; ";
    CHECK(bench.run(bench.launch(enter + "exec tail /dev/zero")).outcome.ending == Ending::out_of_memory);
    CHECK(bench.run(bench.launch(enter + "kill -KILL $$")).outcome.ending == Ending::signal);
    REQUIRE(machine::remove_cgroup(tree, group));
    machine::remove_cgroup_if_empty(tree, std::string(machine::cgroup_top));
}

TEST_CASE("memory within the limit is there") {
    TaskBench bench;
    const Ended ended = bench.run(bench.launch("head -c 8000000 /dev/zero | tail -c 8000000 | wc -c", 256_MiB));
    CHECK(ended.outcome == Outcome{});
    CHECK(bench.log() == "8000000\n");
}

TEST_CASE("whoever leaves the session and forgets its name is still ended with its task") {
    TaskBench bench;
    if (bench.engine->cgroups().kind == machine::CgroupKind::none) PLIM_SKIP("no cgroups that this user may use");
    const Ended ended = bench.run(bench.launch("env -i setsid sh -c 'sleep 71.25 & sleep 71.25' & sleep 0.05"));
    CHECK(ended.outcome == Outcome{});
    CHECK(count_sleeps("71.25") == 0);
}

TEST_CASE("a task that is stopped as by ctrl-z ends when it is told to") {
    TaskBench bench;
    REQUIRE(bench.engine->start(bench.launch("kill -STOP $$; sleep 72")));
    CHECK(bench.engine->wait(bench.clock.now() + 50ms).empty());
    bench.engine->stop({1, 1}, StopHow::terminate);
    CHECK(bench.engine->wait(bench.clock.now() + 10s).at(0).outcome.code == SIGTERM);
}

TEST_CASE("a group can be read until the next wait, and is gone after it") {
    TaskBench bench;
    const machine::CgroupTree tree = bench.engine->cgroups();
    if (tree.kind == machine::CgroupKind::none) PLIM_SKIP("no cgroups that this user may use");
    const auto placement = bench.engine->start(bench.launch("true"));
    REQUIRE(placement);
    const std::string folder = tree.hierarchies().front() + "/" + placement->group;
    REQUIRE(bench.engine->wait(bench.clock.now() + 10s).size() == 1);
    CHECK(fs::exists(folder));
    bench.engine->wait(bench.clock.now());
    CHECK_FALSE(fs::exists(folder));
}

TEST_CASE("a task that fills its group with processes leaves none") {
    TaskBench bench;
    const Ended ended =
        bench.run(bench.launch("for i in 1 2 3 4 5 6 7 8 9; do (while :; do sleep 73.5; done) & done; exit 5"));
    CHECK(ended.outcome.code == 5);
    CHECK(count_sleeps("73.5") == 0);
}

TEST_CASE("a thousand tasks leave no group, descriptor or process") {
    TaskBench bench;
    const auto count_descriptors = [] { return std::distance(fs::directory_iterator("/proc/self/fd"), {}); };
    const auto before = count_descriptors();
    int running = 0;
    for (TaskId task = 0; task < 1000; ++task) {
        Launch launch = bench.launch("/bin/true", 64_MiB);
        launch.attempt.task = task;
        launch.log += std::to_string(task);
        REQUIRE(bench.engine->start(launch));
        for (++running; running >= 8;) running -= static_cast<int>(bench.engine->wait(bench.clock.now() + 10s).size());
    }
    while (running > 0) running -= static_cast<int>(bench.engine->wait(bench.clock.now() + 10s).size());
    bench.engine->wait(bench.clock.now());
    CHECK(count_descriptors() == before);
    CHECK(bench.groups_of_run().empty());
    const machine::CgroupTree tree = bench.engine->cgroups();
    bench.engine.reset();
    for (const std::string& hierarchy : tree.hierarchies())
        for (const std::string& name : machine::subgroups(hierarchy, "plimsoll"))
            CHECK_FALSE(name.starts_with(bench.run_id));
}

TEST_CASE("an ordinary user without groups is told what is missing, and tasks run and end as well") {
    if (::geteuid() != 0) PLIM_SKIP("needs root, to become an ordinary user");
    const pid_t user = ::fork();
    if (user == 0) {
        if (::setgid(65534) < 0 || ::setuid(65534) < 0) ::_exit(2);
        TaskBench bench;
        const bool is_told = !bench.engine->take_notices().empty() && bench.engine->take_notices().empty();
        const bool is_ended = bench.run(bench.launch("setsid sleep 74.5 & sleep 0.05; exit 6")).outcome.code == 6;
        ::_exit(is_told && is_ended && count_sleeps("74.5") == 0 ? 0 : 1);
    }
    int status = 0;
    REQUIRE(::waitpid(user, &status, 0) == user);
    CHECK(status == 0);
}

TEST_CASE("a task is in its group in every hierarchy before its program begins") {
    TaskBench bench;
    if (bench.engine->cgroups().kind == machine::CgroupKind::none) PLIM_SKIP("no cgroups that this user may use");
    const auto placement = bench.engine->start(bench.launch("cat /proc/self/cgroup"));
    REQUIRE(placement);
    REQUIRE(bench.engine->wait(bench.clock.now() + 10s).size() == 1);
    std::size_t found = 0;
    for (std::size_t at = bench.log().find(placement->group + "\n"); at != std::string::npos;
         at = bench.log().find(placement->group + "\n", at + 1))
        ++found;
    CHECK(found == bench.engine->cgroups().hierarchies().size());
}
