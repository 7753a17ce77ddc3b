// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/exchange/run_export.h"

#include <doctest/doctest.h>

#include <map>

#include "plimsoll/base/random.h"
#include "plimsoll/exchange/reading_for_test.h"

using namespace plimsoll;
using namespace plimsoll::exchange;
using namespace std::chrono_literals;

namespace {

/// A run of finished tasks, some of which were killed first; times in whole ms, as a trace has them.
RunToExport random_run(std::uint64_t seed) {
    Rng rng(seed);
    RunToExport run;
    run.run.id = "20261121-044742-7f3a";
    run.run.workflow = "flow";
    for (TaskId id = 0; id < 40; ++id) {
        const int tries = rng.uniform() < 0.2 ? 2 : 1;
        for (int number = 1; number <= tries; ++number) {
            AttemptRecord attempt;
            attempt.id = {.task = id, .number = number};
            attempt.task_name = "step" + std::to_string(id % 3) + "[s, \"" + std::to_string(id) + "\"]";
            attempt.kind = {.workflow = "flow", .step = "step" + std::to_string(id % 3), .tool = "bwa mem"};
            attempt.command = "bwa mem ref.fa";
            attempt.started = WallTime(std::chrono::milliseconds(rng.between(1'700'000'000'000, 1'800'000'000'000)));
            attempt.request = {.cpu = Cores{static_cast<double>(rng.between(1, 8))},
                               .memory = Bytes{rng.between(1, 1 << 30)},
                               .time = 1h,
                               .disk = {},
                               .gpu = {}};
            attempt.outcome = Outcome{.ending = number < tries ? Ending::out_of_memory : Ending::finished};
            attempt.features.input_bytes = Bytes{rng.between(1, 1'000'000'000)};
            attempt.features.input_count = 1;
            attempt.features.machine = "m";
            attempt.profile.runtime = std::chrono::milliseconds(rng.between(1, 10'000'000));
            attempt.profile.cpu = std::chrono::milliseconds(rng.between(0, 10'000'000));
            attempt.profile.memory_peak = Bytes{rng.between(1, 1'000'000'000)};
            attempt.profile.read_bytes = Bytes{rng.between(0, 1'000'000'000)};
            attempt.profile.write_bytes = Bytes{rng.between(0, 1'000'000'000)};
            attempt.ended = attempt.started + attempt.profile.runtime;
            run.attempts.push_back(std::move(attempt));
        }
    }
    return run;
}

const NamingOptions naming{.tool_of = [](std::string_view) { return "bwa mem"; }};

void check_same(const AttemptRecord& sent, const AttemptRecord& came) {
    CHECK(came.kind == sent.kind);
    CHECK(came.task_name == sent.task_name);
    CHECK(came.features.input_bytes == sent.features.input_bytes);
    CHECK(came.profile.memory_peak == sent.profile.memory_peak);
    CHECK(came.profile.runtime == sent.profile.runtime);
    CHECK(seconds(came.profile.cpu) == doctest::Approx(seconds(sent.profile.cpu)).epsilon(1e-3));
    CHECK(came.profile.read_bytes == sent.profile.read_bytes);
    CHECK(came.profile.write_bytes == sent.profile.write_bytes);
    CHECK(came.outcome->ending == sent.outcome->ending);
    CHECK(came.started == sent.started);
}

}  // namespace

TEST_CASE("a trace that was exported and imported is the same history") {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        CAPTURE(seed);
        const RunToExport run = random_run(seed);
        const Read back = read("nextflow", nextflow_trace(run), {.workflow = "flow"}, naming);
        CHECK(back.account.problems.empty());
        REQUIRE(back.all.size() == run.attempts.size());
        for (std::size_t at = 0; at < back.all.size(); ++at) {
            check_same(run.attempts[at], back.attempt(at));
            CHECK(back.attempt(at).request == run.attempts[at].request);
            CHECK(back.attempt(at).id == run.attempts[at].id);
        }
    }
}

TEST_CASE("WfFormat that was exported and imported is the same history of what finished") {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        CAPTURE(seed);
        const RunToExport run = random_run(seed);
        std::map<std::string, const AttemptRecord*> finished;
        for (const AttemptRecord& attempt : run.attempts)
            if (attempt.outcome->ending == Ending::finished) finished[attempt.task_name] = &attempt;
        const Read back = read("wfformat", wfformat(run), {}, naming);
        CHECK(back.error == "");
        REQUIRE(back.all.size() == finished.size());
        for (const Imported& one : back.all) {
            AttemptRecord sent = *finished.at(one.attempt.task_name);
            // WfFormat's instants are whole seconds here: the fraction is not read.
            sent.started = std::chrono::floor<std::chrono::seconds>(sent.started);
            check_same(sent, one.attempt);
            CHECK(one.attempt.request.cpu == sent.request.cpu);
            CHECK(one.attempt.features.machine == sent.features.machine);
        }
    }
}

TEST_CASE("receipts say which files a task reads, and so who comes before whom") {
    RunToExport run = random_run(1);
    run.attempts.resize(1);
    AttemptRecord second = run.attempts[0];
    second.id = {.task = 1, .number = 1};
    second.task_name = "after";
    second.outcome = run.attempts[0].outcome = Outcome{};
    run.attempts[0].features.input_bytes = Bytes{};
    second.features.input_bytes = Bytes{5};
    run.attempts.push_back(second);
    run.receipts = {{.task_name = run.attempts[0].task_name,
                     .command = {},
                     .inputs = {},
                     .outputs = {{.path = "a.bam", .size = 5}}},
                    {.task_name = "after", .command = {}, .inputs = {{.path = "a.bam", .size = 5}}, .outputs = {}}};
    const std::string text = wfformat(run);
    CHECK(text.find(R"("inputFiles": [
            "a.bam"
          ])") != std::string::npos);
    const Read back = read("wfformat", text);
    REQUIRE(back.all.size() == 2);
    CHECK(back.attempt(1).features.input_bytes == Bytes{5});
    CHECK(back.attempt(1).features.input_count == 1);
}

TEST_CASE("a table for everything else has a row an attempt, and quotes what it must") {
    const RunToExport run = random_run(2);
    const std::string text = csv(run);
    CHECK(std::count(text.begin(), text.end(), '\n') == static_cast<long>(run.attempts.size()) + 1);
    CHECK(text.find("\"step0[s, \"\"0\"\"]\"") != std::string::npos);
}
