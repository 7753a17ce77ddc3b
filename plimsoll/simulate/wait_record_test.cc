// SPDX-License-Identifier: Apache-2.0
// What is recorded of an attempt's wait: since when it could have run, whose end that was, and what was short.
#include <doctest/doctest.h>

#include <map>

#include "plimsoll/simulate/drawing.h"
#include "plimsoll/simulate/simulated_run.h"

using namespace plimsoll;
using namespace plimsoll::simulate;
using namespace std::chrono_literals;

namespace {

std::map<AttemptId, WaitRecord> waits_of(const char* drawn, const Request& request, const char* machine,
                                         const Truth& truth) {
    const Drawing drawing = draw(drawn, request).value();
    const auto forecaster = forecast::make_forecaster("request");
    SimulatedRun run({.nodes = {{.id = 0, .name = "here", .capacity = parse_resources(machine).value()}},
                      .truth = truth,
                      .keep_going = true,
                      .store = {}},
                     *forecaster);
    workflow::FixedSource source(drawing.tasks);
    run.loop().add(source);
    REQUIRE(run.finish());
    std::map<AttemptId, WaitRecord> waits;
    for (const auto& ended : run.store().all<history::AttemptEnded>())
        waits[ended.attempt.id] = ended.attempt.wait.value();
    return waits;
}

Behaviour ten_seconds(const std::string&, int) { return Behaviour{.runtime = 10s}; }

}  // namespace

TEST_CASE("who finds no core waits for cores, from the start of the run") {
    const auto waits = waits_of("a*2", {.cpu = 1_cores, .memory = 1_GiB}, "cpu=1 memory=8GiB", ten_seconds);
    CHECK(waits.at({0, 1}).time < 1s);
    CHECK(waits.at({0, 1}).lack.empty());
    const WaitRecord& second = waits.at({1, 1});
    CHECK(second.time >= 10s);
    CHECK(second.time < 11s);
    CHECK(second.lack == "cpu");
    CHECK_FALSE(second.after);
}

TEST_CASE("who finds no memory waits for memory") {
    const auto waits = waits_of("a*2", {.cpu = 1_cores, .memory = 6_GiB}, "cpu=8 memory=8GiB", ten_seconds);
    CHECK(waits.at({1, 1}).lack == "memory");
}

TEST_CASE("a task is ready when the last of those it needs has ended, and waits from then on") {
    const auto waits =
        waits_of("a; b; c <- a b", {.cpu = 1_cores, .memory = 1_GiB}, "cpu=2 memory=8GiB",
                 [](const std::string& task, int) { return Behaviour{.runtime = task == "b" ? 20s : 10s}; });
    CHECK(waits.at({2, 1}).after == TaskId{1});
    CHECK(waits.at({2, 1}).time < 1s);
}

TEST_CASE("a retry is ready when its own attempt before has ended") {
    const auto waits = waits_of(
        "a", {.cpu = 1_cores, .memory = 1_GiB}, "cpu=2 memory=8GiB",
        [](const std::string&, int attempt) { return Behaviour{.runtime = 10s, .input_changes = attempt == 1}; });
    CHECK(waits.at({0, 2}).after == TaskId{0});
    CHECK(waits.at({0, 2}).time < 1s);
}
