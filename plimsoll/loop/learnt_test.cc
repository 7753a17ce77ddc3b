// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/loop/learnt.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <vector>

#include "plimsoll/base/random.h"
#include "plimsoll/forecast/state.h"
#include "plimsoll/history/samples_for_test.h"
#include "plimsoll/history/sqlite.h"

using namespace plimsoll;
using namespace plimsoll::loop;
using history::Database;
using history::ScratchFolder;

namespace {

const TaskKind align{.workflow = "variants", .step = "align", .tool = "bwa mem"};
const TaskKind sort{.workflow = "variants", .step = "sort", .tool = "samtools sort"};
const TaskKind elsewhere{.workflow = "cohort", .step = "view", .tool = "samtools view"};
const TaskKind other{.workflow = "cohort", .step = "call", .tool = "bcftools call"};

/// A run of so many tasks of all four kinds.
void record(Database& database, const std::string& id, int tasks, std::uint64_t seed) {
    Rng rng(seed);
    auto writer = database.begin_run(history::sample_run(id)).value();
    for (int task = 0; task < tasks; ++task) {
        AttemptRecord attempt = history::sample_end(static_cast<TaskId>(task), 1);
        const TaskKind* kinds[] = {&align, &sort, &elsewhere, &other};
        attempt.kind = *kinds[task % 4];
        attempt.features = {
            .input_bytes = Bytes{rng.between(1 << 20, 1 << 28)}, .input_count = 1, .numbers = {}, .machine = "m"};
        attempt.profile.memory_peak = attempt.features.input_bytes * (2 + rng.uniform());
        attempt.profile.runtime = attempt.profile.cpu = from_seconds(10 + 20 * rng.uniform());
        attempt.profile.segments = {
            {.until = attempt.profile.runtime / 2, .memory = attempt.profile.memory_peak * 0.2, .cpu = 1_cores},
            {.until = attempt.profile.runtime, .memory = attempt.profile.memory_peak, .cpu = 1_cores}};
        writer->append(history::AttemptEnded{attempt});
    }
    writer->append(history::RunEnded{.state = RunState::finished, .at = history::at_second(1000)});
    REQUIRE(writer->commit());
}

ToLearn what(std::int64_t base_step = 5000) {
    return {.kinds = {align, sort}, .forecaster = {}, .base_step = base_step};
}

std::vector<Forecast> told_by(const Learnt& learnt) {
    forecast::Terms terms;
    terms.machine_cpu = 8_cores;
    terms.machine_memory = 64_GiB;
    std::vector<Forecast> told;
    for (const TaskKind& kind : {align, sort, TaskKind{.workflow = "new", .step = "new", .tool = "samtools view"}})
        for (int mib = 1; mib < 256; mib += 15)
            told.push_back(learnt.forecaster->forecast(
                kind, {.input_bytes = Bytes{mib} * (1 << 20), .input_count = 1, .numbers = {}, .machine = "m"}, terms));
    return told;
}

}  // namespace

TEST_CASE("kept models that go on learning tell the same as what is learnt anew from the same history") {
    const ScratchFolder scratch;
    Database kept = Database::open(scratch / "kept.db", {}).value(),
             anew = Database::open(scratch / "anew.db", {}).value();
    for (int run = 0; run < 4; ++run) {
        CAPTURE(run);
        for (Database* database : {&kept, &anew}) record(*database, fmt::format("run-{}", run), 220, run + 1);
        const Learnt learnt = learn_history(kept, what()).value();
        CHECK(learnt.is_restored == (run > 0));
        CHECK(learnt.learnt == 220 * 3 / 4);  // the new ones, but for those of a program that is not asked for
        REQUIRE(keep_learnt(kept, learnt));
        const Learnt from_nothing = learn_history(anew, what()).value();
        CHECK_FALSE(from_nothing.is_restored);
        CHECK(told_by(learnt) == told_by(from_nothing));
    }
}

// Bases at 400, 800, ...: what is kept at 440 is of the first, and what is told at 880 rests on the second.
TEST_CASE("at a new base all is learnt anew, from the newest up to it, whether something was kept or not") {
    const ScratchFolder scratch;
    Database kept = Database::open(scratch / "kept.db", {}).value(),
             anew = Database::open(scratch / "anew.db", {}).value();
    for (Database* database : {&kept, &anew}) record(*database, "run-1", 440, 1);
    REQUIRE(keep_learnt(kept, learn_history(kept, what(400)).value()));
    CHECK(learn_history(kept, what(400)).value().is_restored);
    for (Database* database : {&kept, &anew}) record(*database, "run-2", 440, 2);
    const Learnt learnt = learn_history(kept, what(400)).value();
    CHECK_FALSE(learnt.is_restored);
    CHECK(learnt.base == 800);
    CHECK(told_by(learnt) == told_by(learn_history(anew, what(400)).value()));
}

TEST_CASE("models that are damaged or of another version are learnt anew") {
    const ScratchFolder scratch;
    Database database = Database::open(scratch / "history.db", {}).value();
    record(database, "run-1", 220, 1);
    record(database, "run-2", 220, 2);
    const Learnt first = learn_history(database, what()).value();
    const auto tamper = [&](const char* sql) {
        auto connection = history::Connection::open(scratch / "history.db", {}).value();
        REQUIRE(connection.run(sql));
    };
    REQUIRE(keep_learnt(database, first));
    REQUIRE(learn_history(database, what()).value().is_restored);
    SUBCASE("bytes that were overwritten") { tamper("UPDATE models SET state = zeroblob(length(state))"); }
    SUBCASE("another version") { tamper("UPDATE models SET version = version + 1"); }
    SUBCASE("whole, and yet no state") {
        history::KeptModels odd = database.kept_models(first.name).value().value();
        odd.state = "nothing of the kind";
        REQUIRE(database.keep_models(first.name, odd));
    }
    const Learnt again = learn_history(database, what()).value();
    CHECK_FALSE(again.is_restored);
    CHECK(told_by(again) == told_by(first));
}

TEST_CASE("what was learnt from a run goes with it") {
    const ScratchFolder scratch;
    Database database = Database::open(scratch / "history.db", {}).value();
    record(database, "run-1", 220, 1);
    record(database, "run-2", 220, 2);
    const Learnt both = learn_history(database, what()).value();
    REQUIRE(keep_learnt(database, both));
    REQUIRE(database.forget({.run = "run-2"}));
    const Learnt one = learn_history(database, what()).value();
    CHECK_FALSE(one.is_restored);
    CHECK(told_by(one) != told_by(both));
}

TEST_CASE("a handful of measurements is not worth keeping, and other kinds are kept apart") {
    const ScratchFolder scratch;
    Database database = Database::open(scratch / "history.db", {}).value();
    record(database, "run-1", 40, 1);
    const Learnt few = learn_history(database, what()).value();
    REQUIRE(keep_learnt(database, few));
    CHECK_FALSE(database.kept_models(few.name).value().has_value());
    ToLearn others = what();
    others.kinds = {other};
    CHECK(learn_history(database, others).value().name != few.name);
}
