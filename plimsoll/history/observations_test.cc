// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>

#include "plimsoll/history/database.h"
#include "plimsoll/history/samples_for_test.h"

using namespace plimsoll;
using namespace plimsoll::history;

namespace {

AttemptRecord attempt_of(const TaskKind& kind, TaskId task, Ending ending = Ending::finished) {
    AttemptRecord attempt = sample_end(task, 1, ending);
    attempt.kind = kind;
    attempt.profile.memory_peak = {task};
    return attempt;
}

void record(Database& database, const RunId& id, const std::vector<AttemptRecord>& attempts) {
    auto writer = database.begin_run(sample_run(id)).value();
    for (const AttemptRecord& attempt : attempts) writer->append(AttemptEnded{attempt});
    REQUIRE(writer->commit());
}

/// The memory peaks, by which the attempts above tell which task they were.
std::vector<std::int64_t> peaks(const std::vector<Observation>& observations) {
    std::vector<std::int64_t> found;
    for (const Observation& one : observations) found.push_back(one.profile.memory_peak.count);
    return found;
}

const TaskKind align = {.workflow = "variants", .step = "align", .tool = "bwa mem"};
const TaskKind realign = {.workflow = "cohort", .step = "realign", .tool = "bwa mem"};
const TaskKind sort = {.workflow = "variants", .step = "sort", .tool = "samtools sort"};

}  // namespace

TEST_CASE("of a kind the newest runs come first, up to the limit") {
    const ScratchFolder scratch;
    Database database = Database::open(scratch / "history.db", {}).value();
    record(database, "run-1", {attempt_of(align, 0), attempt_of(align, 1), attempt_of(sort, 2)});
    record(database, "run-2", {attempt_of(align, 10), attempt_of(align, 11)});
    CHECK(peaks(database.observations({.kinds = {align}, .per_kind_max = 3, .same_tool = false, .recent_max = 0})
                    .value()) == std::vector<std::int64_t>{11, 10, 1});
}

TEST_CASE("what a run could know is of the runs that began before it") {
    const ScratchFolder scratch;
    Database database = Database::open(scratch / "history.db", {}).value();
    record(database, "run-1", {attempt_of(align, 0), attempt_of(sort, 1)});
    record(database, "run-2", {attempt_of(align, 10)});
    record(database, "run-3", {attempt_of(align, 20), attempt_of(realign, 21)});
    CHECK(peaks(database.observations({.kinds = {align}, .recent_max = 2, .before = "run-2"}).value()) ==
          std::vector<std::int64_t>{1, 0});
    CHECK(peaks(database.observations({.kinds = {align}, .recent_max = 0, .before = "run-3"}).value()) ==
          std::vector<std::int64_t>{10, 0});
    CHECK(database.observations({.kinds = {align}, .before = "run-9"}).error().kind == ErrorKind::not_found);
}

TEST_CASE("other kinds come in by their tool and by being recent, and nothing comes twice") {
    const ScratchFolder scratch;
    Database database = Database::open(scratch / "history.db", {}).value();
    record(database, "run-1", {attempt_of(realign, 0), attempt_of(align, 1), attempt_of(sort, 2), attempt_of(sort, 3)});
    CHECK(peaks(database.observations({.kinds = {align}, .recent_max = 0}).value()) == std::vector<std::int64_t>{1, 0});
    CHECK(peaks(database.observations({.kinds = {align}, .recent_max = 2}).value()) ==
          std::vector<std::int64_t>{3, 2, 1, 0});
    CHECK(database.observations({.kinds = {}, .recent_max = 0}).value().empty());
}

TEST_CASE("kinds of the same program come in after those of the tool, and no other program whose name begins so") {
    const ScratchFolder scratch;
    Database database = Database::open(scratch / "history.db", {}).value();
    const TaskKind index = {.workflow = "cohort", .step = "index", .tool = "bwa index"};
    const TaskKind other = {.workflow = "cohort", .step = "fast", .tool = "bwa-mem2"};
    record(database, "run-1", {attempt_of(realign, 0), attempt_of(index, 1), attempt_of(other, 2)});
    CHECK(peaks(database.observations({.kinds = {align}, .recent_max = 0}).value()) == std::vector<std::int64_t>{1, 0});
    CHECK(peaks(database.observations({.kinds = {align}, .per_tool_max = 1, .recent_max = 0}).value()) ==
          std::vector<std::int64_t>{0});
}

TEST_CASE("what was stopped at a limit is told with its ending; what failed by itself or was lost is not") {
    const ScratchFolder scratch;
    Database database = Database::open(scratch / "history.db", {}).value();
    record(database, "run-1",
           {attempt_of(align, 0, Ending::out_of_memory), attempt_of(align, 1, Ending::exit),
            attempt_of(align, 2, Ending::lost), attempt_of(align, 3, Ending::timeout),
            attempt_of(align, 4, Ending::not_started)});
    const auto observations = database.observations({.kinds = {align}}).value();
    CHECK(peaks(observations) == std::vector<std::int64_t>{3, 0});
    CHECK(observations[0].ending == Ending::timeout);
    CHECK(observations[1].ending == Ending::out_of_memory);
}

TEST_CASE("an observation carries all that the models look at") {
    const ScratchFolder scratch;
    Database database = Database::open(scratch / "history.db", {}).value();
    record(database, "run-1", {sample_end(0)});
    const auto observations = database.observations({.kinds = {sample_kind()}}).value();
    REQUIRE(observations.size() == 1);
    CHECK(observations[0].kind == sample_kind());
    CHECK(observations[0].features == sample_end(0).features);
    CHECK(observations[0].profile == sample_end(0).profile);
    CHECK(observations[0].reserved_memory == 3_GiB);
    CHECK(observations[0].reserved_cpu == 2_cores);
}
