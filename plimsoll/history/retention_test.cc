// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/history/retention.h"

#include <doctest/doctest.h>

#include <fstream>

#include "plimsoll/base/file.h"
#include "plimsoll/history/database.h"
#include "plimsoll/history/location.h"
#include "plimsoll/history/samples_for_test.h"

using namespace plimsoll;
using namespace plimsoll::history;

namespace {

constexpr std::int64_t log_bytes = 256 << 10;

/// A run of one task with decisions and a log.
void record_run(Database& database, const RunRecord& run, bool ends = true) {
    auto writer = database.begin_run(run).value();
    writer->append(TaskChanged{sample_task(0)});
    writer->append(AttemptEnded{sample_end(0)});
    for (int number = 0; number < 20; ++number) writer->append(Decided{sample_decision(0)});
    if (ends) writer->append(RunEnded{.state = RunState::finished, .at = run.started});
    REQUIRE(writer->commit());
    REQUIRE(make_folders(run_paths(database.path(), run.id).logs));
    std::ofstream(run_paths(database.path(), run.id).logs + "/a.log") << std::string(log_bytes, 'x');
}

struct World {
    ScratchFolder scratch;
    Database database = Database::open(scratch / "history.db", {}).value();

    explicit World(int runs) {
        for (int number = 1; number <= runs; ++number) record_run(database, sample_run(id(number), number));
    }
    static RunId id(int number) { return "run-" + std::to_string(number); }
    bool has_folder(const RunId& run) const { return std::filesystem::exists(run_paths(database.path(), run).folder); }
    std::size_t decisions(const RunId& run) const { return database.decisions(run).value().size(); }
};

}  // namespace

TEST_CASE("what is set to be kept is remembered, and taken back") {
    World world(0);
    CHECK(world.database.retention().value().keeps_all());
    const Retention kept{.age = std::chrono::hours(24 * 90), .size = 1_GiB};
    REQUIRE(world.database.keep(kept));
    CHECK(world.database.retention().value() == kept);
    REQUIRE(world.database.keep({}));
    CHECK(world.database.retention().value().keeps_all());
}

TEST_CASE("past its age a run loses its log and decisions, and keeps what sizes are learned from") {
    World world(4);
    const Shrunk shrunk = world.database.shrink({.age = std::chrono::seconds(2)}, at_second(5)).value();
    CHECK(shrunk.details == std::vector<RunId>{"run-1", "run-2"});
    CHECK(shrunk.runs.empty());
    CHECK(shrunk.after < shrunk.before);
    CHECK_FALSE(world.has_folder("run-1"));
    CHECK(world.has_folder("run-3"));
    CHECK(world.decisions("run-2") == 0);
    CHECK(world.decisions("run-3") == 20);
    CHECK(world.database.attempts("run-1").value().size() == 1);
    CHECK(world.database.observations({.kinds = {sample_kind()}}).value().size() == 4);
    CHECK(world.database.faults().value().empty());
    CHECK_FALSE(world.database.shrink({.age = std::chrono::seconds(2)}, at_second(5)).value().removed_any());
}

TEST_CASE("past its age a run goes wholly where enough newer ones of its kind are there") {
    const int newest = static_cast<int>(ObservationFilter().per_kind_max);
    World world(0);
    for (int number = 1; number <= newest + 2; ++number) {
        auto writer = world.database.begin_run(sample_run(World::id(number), number)).value();
        writer->append(TaskChanged{sample_task(0)});
        writer->append(AttemptEnded{sample_end(0)});
        writer->append(RunEnded{.state = RunState::finished, .at = at_second(number)});
    }
    const Shrunk shrunk = world.database.shrink({.age = std::chrono::seconds(0)}, at_second(newest + 10)).value();
    CHECK(shrunk.runs == std::vector<RunId>{"run-1", "run-2"});
    CHECK(world.database.sizes().value().runs == newest);
}

TEST_CASE("to a size: the oldest logs first, whole runs only when that is not enough") {
    World world(4);
    const Bytes all = world.database.shrink({}, at_second(9)).value().before;
    const Shrunk logs = world.database.shrink({.size = all - Bytes{log_bytes}}, at_second(9)).value();
    CHECK(logs.details == std::vector<RunId>{"run-1"});
    CHECK(logs.runs.empty());
    CHECK(logs.after <= all - Bytes{log_bytes});
    const Shrunk everything = world.database.shrink({.size = 1_B}, at_second(9)).value();
    CHECK(everything.runs == std::vector<RunId>{"run-1", "run-2", "run-3", "run-4"});
    CHECK(everything.details.empty());
    CHECK(world.database.sizes().value().runs == 0);
}

TEST_CASE("a run that is going on keeps everything") {
    World world(1);
    record_run(world.database, sample_run("run-2", 2), false);
    const Shrunk shrunk = world.database.shrink({.age = std::chrono::seconds(0), .size = 1_B}, at_second(9)).value();
    CHECK(shrunk.runs == std::vector<RunId>{"run-1"});
    CHECK(world.has_folder("run-2"));
    CHECK(world.decisions("run-2") == 20);
}

TEST_CASE("what is set is done at most once an hour, and not at all where nothing is set") {
    World world(2);
    CHECK_FALSE(world.database.shrink_if_due(at_second(10)).value());
    REQUIRE(world.database.keep({.age = std::chrono::seconds(1)}));
    CHECK(world.database.shrink_if_due(at_second(10)).value()->details.size() == 2);
    record_run(world.database, sample_run("run-3", 3));
    CHECK_FALSE(world.database.shrink_if_due(at_second(3000)).value());
    CHECK(world.database.shrink_if_due(at_second(3700)).value()->details.size() == 1);
    CHECK(world.database.shrink_if_due(at_second(100)).value());  // the clock was set back
}

TEST_CASE("an overview tells what is there, by workflow, and since when") {
    World world(2);
    RunRecord other = sample_run("run-3", 3);
    other.workflow = "others";
    record_run(world.database, other);
    const Overview overview = world.database.overview().value();
    CHECK(overview.runs == 3);
    CHECK(overview.attempts == 3);
    CHECK(overview.oldest == at_second(1));
    CHECK(overview.newest == at_second(3));
    REQUIRE(overview.workflows.size() == 2);
    CHECK(overview.workflows[0].workflow == "variants");
    CHECK(overview.workflows[0].runs == 2);
    CHECK(overview.workflows[0].folders >= Bytes{2 * log_bytes});
    CHECK(overview.folders >= Bytes{3 * log_bytes});
}
