// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/history/database.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <cmath>
#include <tuple>

#include "plimsoll/history/samples_for_test.h"

using namespace plimsoll;
using namespace plimsoll::history;

namespace {

Database open_at(const std::string& path) { return Database::open(path, {}).value(); }

auto as_tuple(const TaskRecord& task) {
    return std::tie(task.id, task.name, task.kind, task.state, task.request, task.attempts, task.reason, task.queue);
}

auto as_tuple(const AttemptRecord& one) {
    return std::tie(one.id, one.task_name, one.kind, one.features, one.request, one.forecast, one.reserved,
                    one.reserved_time, one.command, one.log, one.group, one.started, one.ended, one.outcome,
                    one.profile, one.wait);
}

unsigned mode_of(const std::string& path) {
    struct stat found{};
    return ::stat(path.c_str(), &found) == 0 ? found.st_mode & 0777 : 0;
}

}  // namespace

TEST_CASE("what a run appends is read back as it was, also by another process's database") {
    const ScratchFolder scratch;
    Database database = open_at(scratch / "history.db");
    auto writer = database.begin_run(sample_run()).value();
    writer->append(TaskChanged{sample_task(0)});
    writer->append(Decided{sample_decision({})});
    writer->append(Decided{sample_decision(0)});
    writer->append(AttemptStarted{sample_start(0)});
    REQUIRE(writer->commit());
    CHECK(writer->durable_through() == 4);
    CHECK(as_tuple(database.attempts(sample_run().id).value().at(0)) == as_tuple(sample_start(0)));

    writer->append(AttemptEnded{sample_end(0)});
    writer->append(TaskSealed{.task = 0, .receipt = sample_receipt(0)});
    writer->append(TaskChanged{sample_task(0, TaskState::finished)});
    writer->append(RunEnded{.state = RunState::finished, .at = at_second(9)});
    REQUIRE(writer->commit());

    const Database other = open_at(scratch / "history.db");
    RunRecord ended = sample_run();
    ended.state = RunState::finished;
    ended.ended = at_second(9);
    CHECK(other.run("last").value() == ended);
    REQUIRE(other.tasks(ended.id).value().size() == 1);
    CHECK(as_tuple(other.tasks(ended.id).value()[0]) == as_tuple(sample_task(0, TaskState::finished)));
    REQUIRE(other.attempts(ended.id).value().size() == 1);
    CHECK(as_tuple(other.attempts(ended.id, 0).value()[0]) == as_tuple(sample_end(0)));
    CHECK(other.decisions(ended.id).value() == std::vector{sample_decision({}), sample_decision(0)});
    CHECK(other.decisions(ended.id, 1).value() == std::vector{sample_decision({})});
    CHECK(other.receipts("/data/flow", "variants").value() == std::vector{sample_receipt(0)});
    CHECK(other.receipts("/data/flow", "others").value().empty());
}

TEST_CASE("a figure that is not a number keeps nothing else from being recorded") {
    const ScratchFolder scratch;
    Database database = open_at(scratch / "history.db");
    auto writer = database.begin_run(sample_run()).value();
    AttemptRecord odd = sample_end(0);
    odd.forecast.memory = {.p50 = std::nan(""), .bound = std::nan(""), .stated = std::nan(""), .measured = {}};
    odd.profile.cpu_peak = {std::nan("")};
    writer->append(AttemptEnded{odd});
    REQUIRE(writer->commit());
    const AttemptRecord read = database.attempts(sample_run().id).value().at(0);
    CHECK(read.forecast.memory == Estimate{});
    CHECK(read.profile.cpu_peak == Cores{});
}

TEST_CASE("the file is its owner's alone, and so are the folders made for it") {
    const ScratchFolder scratch;
    Database database = open_at(scratch / "new/deep/history.db");
    auto writer = database.begin_run(sample_run()).value();
    writer->append(AttemptStarted{sample_start(0)});
    REQUIRE(writer->commit());
    CHECK(mode_of(scratch / "new") == 0700);
    CHECK(mode_of(scratch / "new/deep/history.db") == 0600);
    CHECK(mode_of(scratch / "new/deep/history.db-wal") == 0600);
    CHECK(mode_of(scratch / "new/deep/history.db-shm") == 0600);
    CHECK(mode_of(scratch / "new/deep/runs") == 0700);
    CHECK(mode_of(scratch / ("new/deep/runs/" + sample_run().id + "/started")) == 0600);
}
