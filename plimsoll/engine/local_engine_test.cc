// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/engine/local_engine.h"

#include <doctest/doctest.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <thread>

#include "plimsoll/machine/process.h"
#include "tests/engine_bench.h"

using namespace plimsoll;
using namespace plimsoll::engine;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

TEST_CASE("exit codes and signals are told apart") {
    Bench bench;
    CHECK(bench.run("true").outcome == Outcome{});
    CHECK(bench.run("exit 3").outcome == Outcome{.ending = Ending::exit, .code = 3, .detail = {}});
    CHECK(bench.run("kill -SEGV $$").outcome == Outcome{.ending = Ending::signal, .code = 11, .detail = {}});
}

TEST_CASE("both output streams go to the log, and an empty log is not kept") {
    Bench bench;
    CHECK(bench.run("echo out; echo err >&2").log_bytes == 8_B);
    CHECK(bench.log() == "out\nerr\n");
    CHECK(bench.run("true").log_bytes == 0_B);
    CHECK(bench.log() == "none");
}

TEST_CASE("a command sees its folder, its variables and an empty input, and none of our descriptors") {
    Bench bench;
    Launch launch =
        bench.launch("pwd; echo $X $PLIMSOLL_RUN $PLIMSOLL_TASK $PLIMSOLL_ATTEMPT; cat; ls /proc/self/fd | wc -l");
    launch.env = {{"X", "a b"}};
    bench.run(launch);
    CHECK(bench.log() == fs::canonical(bench.folder).string() + "\na b test t 1\n4\n");
}

TEST_CASE("a command sees the GPUs that it was given, and no others") {
    Bench bench;
    Launch launch =
        bench.launch("echo $CUDA_VISIBLE_DEVICES/$NVIDIA_VISIBLE_DEVICES/$CUDA_MPS_ACTIVE_THREAD_PERCENTAGE");
    launch.gpus = {2, 0};
    bench.run(launch);
    CHECK(bench.log() == "2,0/2,0/\n");
    launch.gpus = {1};
    launch.gpu_share = 0.25;
    ++launch.attempt.number;
    bench.run(launch);
    CHECK(bench.log() == "1/1/25\n");
}

TEST_CASE("signals are as in a fresh login, whatever we ignore or block") {
    Bench bench;
    ::signal(SIGPIPE, SIG_IGN);
    bench.run("grep -E 'Sig(Blk|Ign)' /proc/self/status");
    ::signal(SIGPIPE, SIG_DFL);
    CHECK(bench.log() == "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");
}

TEST_CASE("what cannot be started says why, and leaves nothing") {
    Bench bench;
    const auto missing = bench.engine->start(bench.launch("no-such-program-here -x"));
    REQUIRE_FALSE(missing);
    CHECK(missing.error().kind == ErrorKind::not_found);
    CHECK(missing.error().message == "no program 'no-such-program-here' on PATH; install it, or write its full path");
    Launch elsewhere = bench.launch("true");
    elsewhere.workdir = bench.folder + "/nowhere";
    CHECK(bench.engine->start(elsewhere).error().kind == ErrorKind::not_found);
    CHECK(bench.engine->start(bench.launch("./nothing")).error().message ==
          "cannot run ./nothing: No such file or directory");
    CHECK(bench.log() == "none");
    CHECK(bench.engine->wait(bench.clock.now()).empty());
}

TEST_CASE("the shell the user names runs the command") {
    Bench bench;
    Launch launch = bench.launch("false | true");
    launch.shell = "bash -o pipefail -c";
    CHECK(bench.run(launch).outcome.code == 1);
    launch.shell = "bash | sh";
    CHECK(bench.engine->start(launch).error().kind == ErrorKind::invalid);
}

TEST_CASE("a script without a first line runs in sh") {
    Bench bench;
    const std::string script = bench.folder + "/script";
    REQUIRE(replace_file(script, "echo hello\n", 0700));
    CHECK(bench.run(script + " x").outcome == Outcome{});
    CHECK(bench.log() == "hello\n");
}

TEST_CASE("waiting ends at its time, not before") {
    Bench bench;
    REQUIRE(bench.engine->start(bench.launch("sleep 5")));
    const Instant until = bench.clock.now() + 30ms;
    CHECK(bench.engine->wait(until).empty());
    CHECK(bench.clock.now() >= until);
    CHECK(bench.clock.now() < until + 2s);
}

TEST_CASE("a watched descriptor wakes the wait") {
    Bench bench;
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    REQUIRE(bench.engine->watch(ends[0]));
    REQUIRE(::write(ends[1], "x", 1) == 1);
    const Instant before = bench.clock.now();
    CHECK(bench.engine->wait(before + 10s).empty());
    CHECK(bench.clock.now() < before + 5s);
    ::close(ends[0]);
    ::close(ends[1]);
}

TEST_CASE("terminate asks, kill does not") {
    Bench bench;
    REQUIRE(
        bench.engine->start(bench.launch("trap 'echo asked; exit 7' TERM; echo ready; while :; do sleep 0.01; done")));
    while (bench.log() != "ready\n") bench.engine->wait(bench.clock.now() + 5ms);
    bench.engine->stop({1, 1}, StopHow::terminate);
    CHECK(bench.engine->wait(bench.clock.now() + 10s).at(0).outcome.code == 7);
    REQUIRE(bench.engine->start(bench.launch("trap '' TERM; sleep 60")));
    bench.engine->stop({1, 1}, StopHow::kill);
    CHECK(bench.engine->wait(bench.clock.now() + 10s).at(0).outcome.code == SIGKILL);
    bench.engine->stop({1, 1}, StopHow::kill);
}

TEST_CASE("what a task leaves behind is gone before its end is told") {
    Bench bench;
    const Ended ended = bench.run("sleep 61 & setsid sleep 62 & echo $!; (setsid sh -c 'sleep 63' &); exit 4");
    CHECK(ended.outcome.code == 4);
    CHECK(machine::attempt_processes(
              {.run = "test", .owner = machine::own_mark().text(), .task_name = "t", .attempt = 1}, -1, 1h)
              .empty());
}

TEST_CASE("many attempts at once are each told once, and leave no descriptor") {
    Bench bench;
    const auto count_descriptors = [] { return std::distance(fs::directory_iterator("/proc/self/fd"), {}); };
    const auto before = count_descriptors();
    for (TaskId task = 0; task < 30; ++task) {
        Launch launch = bench.launch("true");
        launch.attempt.task = task;
        launch.log += std::to_string(task);
        REQUIRE(bench.engine->start(launch));
    }
    std::vector<TaskId> seen;
    while (seen.size() < 30)
        for (const Ended& each : bench.engine->wait(bench.clock.now() + 10s)) seen.push_back(each.attempt.task);
    std::sort(seen.begin(), seen.end());
    CHECK(std::adjacent_find(seen.begin(), seen.end()) == seen.end());
    CHECK(count_descriptors() == before);
    CHECK(fs::is_empty(bench.folder + "/logs"));
}

TEST_CASE("our own size is not taken for the child's, which had no more") {
    Bench bench;
    const std::vector<char> large(64 << 20, 'x');
    CHECK(large.back() == 'x');
    const Ended ended = bench.run("true");
    CHECK(ended.memory_high_water == 0_B);
    CHECK(ended.memory_at_most >= 64_MiB);
}

// What a container's filter does: clone3 is unknown to it, so it does not exist.
TEST_CASE("where clone3 is refused, commands start all the same") {
    const pid_t filtered = ::fork();
    if (filtered == 0) {
        sock_filter program[] = {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
                                 BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone3, 0, 1),
                                 BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
                                 BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
        const sock_fprog filter{.len = std::size(program), .filter = program};
        ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
        if (::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) < 0) ::_exit(2);
        Bench bench;
        ::_exit(bench.run("echo x; exit 5").outcome.code == 5 && bench.log() == "x\n" ? 0 : 1);
    }
    int status = 0;
    REQUIRE(::waitpid(filtered, &status, 0) == filtered);
    CHECK(status == 0);
}

TEST_CASE("closed standard streams of ours do not end up in the child's") {
    const pid_t closed = ::fork();
    if (closed == 0) {
        for (const int fd : {0, 1, 2}) ::close(fd);
        Bench bench;
        ::_exit(bench.run("echo out; echo err >&2; cat").outcome == Outcome{} && bench.log() == "out\nerr\n" ? 0 : 1);
    }
    int status = 0;
    REQUIRE(::waitpid(closed, &status, 0) == closed);
    CHECK(status == 0);
}

TEST_CASE("a child is started while other threads allocate and take locks") {
    Bench bench;
    std::atomic<bool> is_done = false;
    std::thread busy([&] {
        while (!is_done) {
            std::vector<std::string> work(100, std::string(100, 'x'));
            ::setenv("PLIMSOLL_TEST", work.front().c_str(), 1);
        }
    });
    int finished = 0;
    for (int each = 0; each < 50; ++each) finished += bench.run("true").outcome == Outcome{};
    is_done = true;
    busy.join();
    CHECK(finished == 50);
}

TEST_CASE("a program that has moved on PATH since it was found is found again") {
    Bench bench;
    for (const char* place : {"first", "second"}) fs::create_directory(bench.folder + "/" + place);
    REQUIRE(replace_file(bench.folder + "/first/tool", "#!/bin/sh\necho first\n", 0700));
    REQUIRE(replace_file(bench.folder + "/second/tool", "#!/bin/sh\necho second\n", 0700));
    Launch launch = bench.launch("tool");
    launch.workdir = "/";
    launch.env = {{"PATH", bench.folder + "/first:" + bench.folder + "/second:/bin:/usr/bin"}};
    bench.run(launch);
    CHECK(bench.log() == "first\n");
    fs::remove(bench.folder + "/first/tool");
    bench.run(launch);
    CHECK(bench.log() == "second\n");
}

TEST_CASE("a secret reaches only the attempts that name it, and does not stay in their logs") {
    ::setenv("PLIMSOLL_TEST_SECRET", "hunter2", 1);
    Bench bench;
    bench.engine.reset();
    bench.engine =
        LocalEngine::open({.run = "test", .capacity = {}, .use_cgroups = false, .secrets = {"PLIMSOLL_TEST_SECRET"}},
                          bench.clock)
            .value();
    ::unsetenv("PLIMSOLL_TEST_SECRET");
    Launch launch = bench.launch("echo \"is it $PLIMSOLL_TEST_SECRET?\"; ls logs");
    CHECK(bench.run(launch).outcome.ending == Ending::finished);
    CHECK(bench.log() == "is it ?\nt.log\n");
    launch.secrets = {"PLIMSOLL_TEST_SECRET"};
    fs::remove(launch.log);
    CHECK(bench.run(launch).log_bytes == Bytes{11});
    CHECK(bench.log() == "is it ***?\n");
    launch.command = "true";
    fs::remove(launch.log);
    CHECK(bench.run(launch).log_bytes == 0_B);
    CHECK_FALSE(fs::exists(launch.log));
}
