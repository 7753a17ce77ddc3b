// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/history/import_writer.h"

#include <doctest/doctest.h>

#include "plimsoll/history/database.h"
#include "plimsoll/history/samples_for_test.h"

using namespace plimsoll;
using namespace plimsoll::history;

namespace {

RunRecord sample_import(const RunId& id) {
    RunRecord run = sample_run(id);
    run.source = "sacct";
    run.folder = "";
    run.state = RunState::finished;
    return run;
}

Database open_in(const ScratchFolder& scratch) { return Database::open(scratch / "h.db", {}).value(); }

/// How many of the attempts 0 ... count - 1 were new.
std::size_t import(Database& database, const RunId& id, TaskId count) {
    ImportWriter writer = database.begin_import(sample_import(id)).value();
    for (TaskId task = 0; task < count; ++task) REQUIRE(writer.add(1000 + task, sample_end(task)));
    REQUIRE(writer.commit());
    return writer.added();
}

}  // namespace

TEST_CASE("what is imported is there as if it had run here, but for its forecast") {
    const ScratchFolder scratch;
    Database database = open_in(scratch);
    CHECK(import(database, "import-1", 3) == 3);
    const RunRecord run = database.run("import-1").value();
    CHECK(run.source == "sacct");
    CHECK(run.started == sample_start(0).started);
    CHECK(run.ended == sample_end(2).ended);
    const std::vector<AttemptRecord> attempts = database.attempts("import-1").value();
    REQUIRE(attempts.size() == 3);
    CHECK(attempts[1].profile == sample_end(1).profile);
    CHECK(attempts[1].features == sample_end(1).features);
    CHECK(attempts[1].request == sample_request());
    CHECK(attempts[1].forecast == Forecast{});
    CHECK(database.tasks("import-1").value()[2].state == TaskState::finished);
    CHECK(database.observations({.kinds = {sample_kind()}}).value().size() == 3);
}

TEST_CASE("twice is the same as once, and what overlaps counts once") {
    const ScratchFolder scratch;
    Database database = open_in(scratch);
    CHECK(import(database, "import-1", 3) == 3);
    CHECK(import(database, "import-2", 3) == 0);
    CHECK(database.runs({}).value().size() == 1);
    CHECK(import(database, "import-3", 5) == 2);
    CHECK(database.sizes().value().attempts == 5);
}

TEST_CASE("an import that is not committed leaves nothing") {
    const ScratchFolder scratch;
    Database database = open_in(scratch);
    {
        ImportWriter writer = database.begin_import(sample_import("import-1")).value();
        REQUIRE(writer.add(1, sample_end(0)));
    }
    CHECK(database.runs({}).value().empty());
    CHECK(database.sizes().value().attempts == 0);
    CHECK(import(database, "import-2", 1) == 1);
}

TEST_CASE("an import that is forgotten can come again") {
    const ScratchFolder scratch;
    Database database = open_in(scratch);
    CHECK(import(database, "import-1", 3) == 3);
    REQUIRE(database.forget({.run = "import-1"}));
    CHECK(import(database, "import-2", 3) == 3);
}

TEST_CASE("an import is never the last run") {
    const ScratchFolder scratch;
    Database database = open_in(scratch);
    CHECK(import(database, "import-1", 1) == 1);
    CHECK_FALSE(database.run("last"));
    REQUIRE(database.begin_run(sample_run("mine")));
    CHECK(database.run("last").value().id == "mine");
}

TEST_CASE("past attempts come kind by kind, in the order of runs and tasks") {
    const ScratchFolder scratch;
    Database database = open_in(scratch);
    ImportWriter writer = database.begin_import(sample_import("import-1")).value();
    for (TaskId task = 0; task < 6; ++task) {
        AttemptRecord attempt = sample_end(task);
        attempt.kind = sample_kind(task % 2 == 0 ? "align" : "sort");
        REQUIRE(writer.add(task, attempt));
    }
    REQUIRE(writer.commit());
    std::string order;
    const auto take = [&](const TaskKind& kind, const PastAttempt& past) -> Result<void> {
        order += kind.step.substr(0, 1) + std::to_string(past.id.task);
        CHECK(past.request == sample_request());
        CHECK(past.memory_peak == sample_end(0).profile.memory_peak);
        return {};
    };
    REQUIRE(database.each_past_attempt({}, take));
    CHECK(order == "a0a2a4s1s3s5");
    order.clear();
    REQUIRE(database.each_past_attempt({.workflow = "other"}, take));
    CHECK(order.empty());
}
