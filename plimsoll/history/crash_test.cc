// SPDX-License-Identifier: Apache-2.0
// Processes that die or share: what one was told to be durable is there, whatever happens to the others.
#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <functional>
#include <thread>

#include "plimsoll/base/file.h"
#include "plimsoll/base/random.h"
#include "plimsoll/history/database.h"
#include "plimsoll/history/samples_for_test.h"

using namespace plimsoll;
using namespace plimsoll::history;

namespace {

/// Runs in a process of its own, which never returns from it.
pid_t in_child(const std::function<bool()>& work) {
    std::fflush(nullptr);  // or a child that a sanitizer ends would print it again
    const pid_t child = ::fork();
    if (child == 0) ::_exit(work() ? 0 : 1);
    return child;
}

bool ended_well(pid_t child) {
    int status = 0;
    return ::waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

void append_task(RunWriter& writer, TaskId task) {
    writer.append(AttemptStarted{sample_start(task)});
    writer.append(AttemptEnded{sample_end(task)});
    writer.append(TaskSealed{.task = task, .receipt = sample_receipt(task)});
}
constexpr std::uint64_t entries_per_task = 3;

/// Finishes tasks as fast as it can and tells how many are durable, until it is killed.
bool work_until_killed(const std::string& path, const RunId& id, int tell) {
    Database database = Database::open(path, {}).value();
    auto writer = database.begin_run(sample_run(id)).value();
    for (TaskId task = 0;; ++task) {
        append_task(*writer, task);
        if (task % 7 == 0 && !writer->commit()) return false;
        const std::uint64_t durable = writer->durable_through() / entries_per_task;
        if (::write(tell, &durable, sizeof durable) != sizeof durable) return false;
    }
}

/// The last number that was told; waits until nobody can tell more.
std::uint64_t last_told(int fd) {
    std::uint64_t told = 0, next = 0;
    while (::read(fd, &next, sizeof next) == sizeof next) told = next;
    return told;
}

}  // namespace

TEST_CASE("a kill -9 at any instant loses nothing durable and leaves the database whole") {
    constexpr std::uint64_t seed = 11;
    CAPTURE(seed);
    Rng rng(seed);
    const ScratchFolder scratch;
    const std::string path = scratch / "history.db";
    for (int round = 0; round < 12; ++round) {
        const RunId id = "run-" + std::to_string(round);
        int ends[2];
        REQUIRE(::pipe(ends) == 0);
        Fd hear(ends[0]);
        Fd tell(ends[1]);
        const pid_t child = in_child([&] { return work_until_killed(path, id, tell.fd()); });
        tell = Fd();
        std::uint64_t first = 0;
        REQUIRE(::read(hear.fd(), &first, sizeof first) == sizeof first);
        std::this_thread::sleep_for(std::chrono::microseconds(rng.between(0, 30'000)));
        ::kill(child, SIGKILL);
        const std::uint64_t durable = last_told(hear.fd());
        CHECK_FALSE(ended_well(child));

        Database database = Database::open(path, {}).value();
        CHECK(database.faults().value().empty());
        std::uint64_t finished = 0;
        for (const AttemptRecord& attempt : database.attempts(id).value()) finished += attempt.outcome ? 1 : 0;
        CHECK(finished >= durable);
        CHECK(database.receipts("/data/flow", "variants").value().size() >= durable);

        const auto dead = database.interrupted_runs([](const ProcessIdentity&) { return false; }).value();
        REQUIRE(dead.size() == 1);
        REQUIRE(database.mark_interrupted(dead[0].id, at_second(99)));
        CHECK(database.run(id).value().state == RunState::interrupted);
        CHECK(database.open_attempts(id).value().empty());
    }
}

TEST_CASE("two runs write one database at the same time, and each finds all of its own") {
    const ScratchFolder scratch;
    const std::string path = scratch / "history.db";
    REQUIRE(Database::open(path, {}));
    const auto run = [&](const RunId& id) {
        return in_child([&path, id] {
            Database database = Database::open(path, {}).value();
            auto writer = database.begin_run(sample_run(id)).value();
            for (TaskId task = 0; task < 150; ++task) {
                append_task(*writer, task);
                if (!writer->commit()) return false;
            }
            return true;
        });
    };
    const pid_t one = run("run-1"), two = run("run-2");
    CHECK(ended_well(one));
    CHECK(ended_well(two));
    const Database database = Database::open(path, {}).value();
    CHECK(database.attempts("run-1").value().size() == 150);
    CHECK(database.attempts("run-2").value().size() == 150);
    CHECK(database.faults().value().empty());
}

TEST_CASE("many processes that open a history first all get the same one") {
    for (int round = 0; round < 20; ++round) {
        const ScratchFolder scratch;
        const std::string path = scratch / "history.db";
        std::vector<pid_t> children;
        for (int number = 0; number < 6; ++number) {
            children.push_back(in_child([&path, number] {
                Result<Database> database = Database::open(path, {});
                return database && database->begin_run(sample_run("run-" + std::to_string(number)));
            }));
        }
        for (const pid_t child : children) CHECK(ended_well(child));
        CHECK(Database::open(path, {}).value().runs({}).value().size() == 6);
    }
}
