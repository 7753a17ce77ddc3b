// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <string>

#include "plimsoll/forecast/learning_for_test.h"

using namespace plimsoll;
using namespace plimsoll::forecast;

namespace {

const TaskKind elsewhere{.workflow = "cohort", .step = "map", .tool = "bwa mem"};

TaskKind step(const std::string& name, const std::string& workflow = "variants") {
    return {.workflow = workflow, .step = name, .tool = "./" + name + ".sh"};
}

}  // namespace

TEST_CASE("a new workflow is sized by what a tool it uses needed in others, within its own request") {
    const auto forecaster = learner();
    for (int i = 0; i < 3; ++i) {
        CHECK(forecaster->forecast(align, input(20_MiB), terms(3_GiB)).source == Provenance::request);
        forecaster->learn(ran(elsewhere, 10_MiB, 300_MiB));
    }
    const Forecast forecast = forecaster->forecast(align, input(20_MiB), terms(3_GiB));
    CHECK(forecast.source == Provenance::tool);
    CHECK(forecast.samples == 3);
    CHECK(bound(forecast) >= 300_MiB);
    CHECK(bound(forecast) < 1_GiB);
    CHECK(forecast.runtime.p50 == 10);
    CHECK_FALSE(forecast.memory_promised);
    CHECK(bound(forecaster->forecast(align, input(20_MiB), terms(200_MiB))) == 200_MiB);

    forecaster->learn(ran(align, 10_MiB, 100_MiB));
    CHECK(forecaster->forecast(align, input(10_MiB), terms(3_GiB)).source == Provenance::kind);
}

TEST_CASE("an input unlike those a tool was seen with is not sized by it") {
    const auto forecaster = learner();
    for (int i = 1; i <= 5; ++i) forecaster->learn(ran(elsewhere, 10_MiB * i, 300_MiB + 10_MiB * i));
    const auto source = [&](Bytes size) { return forecaster->forecast(align, input(size), terms(3_GiB)).source; };
    CHECK(source(5_MiB) == Provenance::tool);
    CHECK(source(100_MiB) == Provenance::tool);
    CHECK(source(4_MiB) == Provenance::request);
    CHECK(source(101_MiB) == Provenance::request);
    CHECK(source(0_B) == Provenance::request);  // not known yet
}

// Peaks of 10 to 12 GiB that do not follow the input: an index in memory.
TEST_CASE("a tool whose need does not go with the input is told for any input, at the largest it needed") {
    const auto forecaster = learner();
    const auto peak = [](int i) { return 10_GiB + 100_MiB * (i * 7 % 20); };
    for (int i = 0; i < 30; ++i) {
        if (i < 20) CHECK(forecaster->forecast(align, input(2_GiB), terms(16_GiB)).source == Provenance::request);
        forecaster->learn(ran(elsewhere, 10_MiB + 1_MiB * (i * 3 % 30), peak(i)));
    }
    const Forecast forecast = forecaster->forecast(align, input(2_GiB), terms(16_GiB));
    CHECK(forecast.source == Provenance::tool);
    CHECK(bound(forecast) >= 10_GiB + 1900_MiB);
    CHECK(bound(forecast) < 14_GiB);
}

TEST_CASE("what one command of a program needed is told of another where that command was never seen") {
    const auto forecaster = learner();
    const TaskKind index{.workflow = "variants", .step = "index", .tool = "bwa index"};
    for (int i = 0; i < 5; ++i) forecaster->learn(ran(elsewhere, 10_MiB, 300_MiB));
    CHECK(forecaster->forecast(index, input(10_MiB), terms(3_GiB)).source == Provenance::tool);
    // Its own command goes first.
    for (int i = 0; i < 3; ++i)
        forecaster->learn(ran({.workflow = "third", .step = "prepare", .tool = "bwa index"}, 10_MiB, 1_GiB));
    CHECK(bound(forecaster->forecast(index, input(10_MiB), terms(3_GiB))) >= 1_GiB);
    const TaskKind script{.workflow = "variants", .step = "plot", .tool = "python3 plot"};
    for (int i = 0; i < 5; ++i) forecaster->learn(ran(script, 10_MiB, 300_MiB));
    const TaskKind other{.workflow = "variants", .step = "table", .tool = "python3 table"};
    CHECK(forecaster->forecast(other, input(10_MiB), terms(3_GiB)).source == Provenance::request);
}

TEST_CASE("a tool that needs now little, now much, says nothing; an interpreter is no tool") {
    const auto forecaster = learner();
    const TaskKind script{.workflow = "cohort", .step = "plot", .tool = "python3"};
    for (int i = 0; i < 12; ++i) {
        forecaster->learn(ran(elsewhere, 10_MiB, i % 2 == 0 ? 50_MiB : 4_GiB));
        forecaster->learn(ran(script, 10_MiB, 300_MiB));
    }
    CHECK(forecaster->forecast(align, input(10_MiB), terms(3_GiB)).source == Provenance::request);
    const TaskKind mine{.workflow = "variants", .step = "draw", .tool = "python3"};
    CHECK(forecaster->forecast(mine, input(10_MiB), terms(3_GiB)).source == Provenance::request);
}

TEST_CASE("a need that grows with the input is told across workflows") {
    const auto forecaster = learner();
    for (int i = 1; i <= 20; ++i) forecaster->learn(ran(elsewhere, 10_MiB * i, 100_MiB * i));
    const Forecast forecast = forecaster->forecast(align, input(150_MiB), terms(16_GiB));
    CHECK(forecast.source == Provenance::tool);
    CHECK(bound(forecast) >= 1500_MiB);
    CHECK(bound(forecast) <= 2500_MiB);
}

// Three kinds of 7 tasks each, peaks of 200 to 260 MiB: alike.
TEST_CASE("with nothing requested, what the kinds of a workflow or all kinds have in common sizes a new one") {
    const auto forecaster = learner();
    for (int i = 0; i < 7; ++i)
        for (int kind = 0; kind < 3; ++kind)
            forecaster->learn(
                ran(step(std::string(1, static_cast<char>('a' + kind))), 10_MiB, 200_MiB + 30_MiB * kind));
    const Forecast near = forecaster->forecast(step("new"), input(10_MiB), terms());
    CHECK(near.source == Provenance::workflow);
    CHECK(bound(near) == 520_MiB);
    CHECK(near.samples == 21);
    CHECK(near.runtime.bound == 0);
    CHECK(forecaster->forecast(step("new", "cohort"), input(10_MiB), terms()).source == Provenance::all);
    CHECK(forecaster->forecast(step("new"), input(10_MiB), terms(3_GiB)).source == Provenance::request);

    // One kind that needs far more, elsewhere, and "all" have nothing in common; the workflow still has.
    forecaster->learn(ran(step("large", "cohort"), 10_MiB, 2_GiB));
    CHECK(forecaster->forecast(step("new", "third"), input(10_MiB), terms()).source == Provenance::request);
    CHECK(forecaster->forecast(step("new"), input(10_MiB), terms()).source == Provenance::workflow);

    // The new one has shown that it is unlike the others.
    Observation stopped = ran(step("new"), 10_MiB, 520_MiB);
    stopped.ending = Ending::out_of_memory;
    stopped.reserved_memory = 520_MiB;
    forecaster->learn(stopped);
    CHECK(forecaster->forecast(step("new"), input(10_MiB), terms()).source == Provenance::request);
}

TEST_CASE("two kinds, or few tasks, have nothing in common") {
    const auto forecaster = learner();
    for (int i = 0; i < 30; ++i) forecaster->learn(ran(step(i % 2 == 0 ? "a" : "b"), 10_MiB, 200_MiB));
    CHECK(forecaster->forecast(step("new"), input(10_MiB), terms()).source == Provenance::request);
    const auto other = learner();
    for (int kind = 0; kind < 19; ++kind) other->learn(ran(step(std::to_string(kind)), 10_MiB, 200_MiB));
    CHECK(other->forecast(step("new"), input(10_MiB), terms()).source == Provenance::request);
}
