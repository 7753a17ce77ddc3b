// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "plimsoll/base/file.h"
#include "plimsoll/history/database.h"
#include "plimsoll/history/location.h"
#include "plimsoll/history/samples_for_test.h"

using namespace plimsoll;
using namespace plimsoll::history;

namespace {

/// A run of one task with all that can belong to a run.
void record_run(Database& database, const RunRecord& run, bool ends = true) {
    auto writer = database.begin_run(run).value();
    writer->append(TaskChanged{sample_task(0)});
    writer->append(AttemptEnded{sample_end(0)});
    writer->append(TaskSealed{.task = 0, .receipt = sample_receipt(0)});
    for (int number = 0; number < 50; ++number) writer->append(Decided{sample_decision(0)});
    if (ends) writer->append(RunEnded{.state = RunState::finished, .at = run.started});
    REQUIRE(writer->commit());
}

std::vector<RunId> ids(const Database& database) {
    std::vector<RunId> found;
    for (const RunRecord& run : database.runs({}).value()) found.push_back(run.id);
    return found;
}

}  // namespace

TEST_CASE("a forgotten run is gone with all that belongs to it, and what is done stays done") {
    const ScratchFolder scratch;
    Database database = Database::open(scratch / "history.db", {}).value();
    record_run(database, sample_run("run-1", 1));
    record_run(database, sample_run("run-2", 2));
    const Forgotten forgotten = database.forget({.run = "run-1"}).value();
    CHECK(forgotten.runs == std::vector<RunId>{"run-1"});
    CHECK(ids(database) == std::vector<RunId>{"run-2"});
    CHECK_FALSE(std::filesystem::exists(run_paths(database.path(), "run-1").folder));
    const Sizes sizes = database.sizes().value();
    CHECK(sizes.tasks == 1);
    CHECK(sizes.attempts == 1);
    CHECK(sizes.decisions == 50);
    CHECK(sizes.receipts == 1);
    CHECK(database.faults().value().empty());
}

TEST_CASE("runs are forgotten by age and by workflow, receipts only when asked") {
    const ScratchFolder scratch;
    Database database = Database::open(scratch / "history.db", {}).value();
    RunRecord other = sample_run("run-3", 3);
    other.workflow = "others";
    for (const RunRecord& run : {sample_run("run-1", 1), sample_run("run-2", 2), other}) record_run(database, run);
    CHECK(database.forget({.before = at_second(2)}).value().runs == std::vector<RunId>{"run-1"});
    const Forgotten forgotten = database.forget({.workflow = "variants", .receipts = true}).value();
    CHECK(forgotten.runs == std::vector<RunId>{"run-2"});
    CHECK(forgotten.receipts == 1);
    CHECK(ids(database) == std::vector<RunId>{"run-3"});
    CHECK(database.receipts("/data/flow", "others").value().size() == 1);
    CHECK_FALSE(database.forget({}));
    CHECK_FALSE(database.forget({.run = "run-3", .receipts = true}));
}

TEST_CASE("a run that is still going on cannot be forgotten") {
    const ScratchFolder scratch;
    Database database = Database::open(scratch / "history.db", {}).value();
    record_run(database, sample_run("run-1"), false);
    CHECK(database.forget({.run = "run-1"}).error().kind == ErrorKind::refused);
    CHECK(database.forget({.workflow = "variants"}).value().runs.empty());
    CHECK(database.forget({.run = "run-9"}).error().kind == ErrorKind::not_found);
}

TEST_CASE("a vacuum gives space back and forgets names, but none while a run is going on") {
    const ScratchFolder scratch;
    Database database = Database::open(scratch / "history.db", {}).value();
    record_run(database, sample_run("run-1"));
    record_run(database, sample_run("run-2"), false);
    REQUIRE(database.forget({.run = "run-1"}));
    REQUIRE(database.vacuum());
    CHECK(database.attempts("run-2").value().size() == 1);
    REQUIRE(database.mark_interrupted("run-2", at_second(9)));
    REQUIRE(database.forget({.workflow = "variants", .receipts = true}));
    CHECK(database.sizes().value().free > 0_B);
    REQUIRE(database.vacuum());
    CHECK(database.sizes().value().free == 0_B);
    CHECK(database.faults().value().empty());
    CHECK(read_file(database.path()).value().find("bwa mem") == std::string::npos);
}

TEST_CASE("an interrupted run's open attempts are lost, its finished ones stay, its tasks are cancelled") {
    const ScratchFolder scratch;
    Database database = Database::open(scratch / "history.db", {}).value();
    {
        auto writer = database.begin_run(sample_run("run-1")).value();
        for (TaskId task = 0; task < 3; ++task) writer->append(TaskChanged{sample_task(task)});
        writer->append(AttemptEnded{sample_end(0)});
        writer->append(TaskChanged{sample_task(0, TaskState::finished)});
        writer->append(AttemptStarted{sample_start(1)});
        REQUIRE(writer->commit());
    }
    CHECK(database.interrupted_runs([](const ProcessIdentity& owner) { return owner.pid == 4711; }).value().empty());
    CHECK(database.interrupted_runs([](const ProcessIdentity&) { return false; }).value().size() == 1);
    REQUIRE(database.mark_interrupted("run-1", at_second(9)));
    REQUIRE(database.mark_interrupted("run-1", at_second(10)));
    const auto attempts = database.attempts("run-1").value();
    REQUIRE(attempts.size() == 2);
    CHECK(attempts[0].outcome->ending == Ending::finished);
    CHECK(attempts[1].outcome->ending == Ending::lost);
    const auto tasks = database.tasks("run-1").value();
    CHECK(tasks[0].state == TaskState::finished);
    CHECK(tasks[1].state == TaskState::cancelled);
    CHECK(tasks[2].state == TaskState::cancelled);
    CHECK(database.run("run-1").value().ended == at_second(9));
}

TEST_CASE("a run is named by its id, by a prefix that only it has, or as the last") {
    const ScratchFolder scratch;
    Database database = Database::open(scratch / "history.db", {}).value();
    CHECK(database.run("last").error().kind == ErrorKind::not_found);
    record_run(database, sample_run("20261121-a", 2));
    record_run(database, sample_run("20261121-ab", 1));
    record_run(database, sample_run("20261122-c", 0));
    CHECK(database.run("20261122").value().id == "20261122-c");
    CHECK(database.run("20261121-a").value().id == "20261121-a");
    CHECK(database.run("last").value().id == "20261121-a");
    CHECK(database.run("2026").error().message.find("20261121-ab") != std::string::npos);
    CHECK(database.run("x").error().message.find("plimsoll history list") != std::string::npos);
    CHECK_FALSE(database.run(""));
}
