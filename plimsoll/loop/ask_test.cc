// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/loop/ask.h"

#include <doctest/doctest.h>

#include <memory>

#include "plimsoll/forecast/forecaster.h"

using namespace plimsoll;
using namespace std::chrono_literals;
using loop::settled_cores;

namespace {

const TaskKind align{.workflow = "variants", .step = "align", .tool = "bwa mem"};
const Features features{.input_bytes = 10_MiB, .input_count = 1, .numbers = {}, .machine = "here"};

/// Some runs: 100 MiB for 80 s, then 1000 MiB for 20 s.
std::unique_ptr<forecast::Forecaster> taught() {
    auto forecaster = forecast::make_forecaster("replayed-cost");
    Observation seen{.kind = align, .features = features, .profile = {}};
    seen.profile.runtime = 100s;
    seen.profile.memory_peak = 1000_MiB;
    seen.profile.segments = {{.until = 80s, .memory = 100_MiB, .cpu = 1_cores},
                             {.until = 100s, .memory = 1000_MiB, .cpu = 1_cores}};
    for (int run = 0; run < 6; ++run) forecaster->learn(seen);
    return forecaster;
}

loop::Ask ask_after(const loop::Tries& tries) {
    Step step;
    step.kind = align;
    Task task;
    task.step = &step;
    loop::TaskTable::Entry entry{.task = task};
    entry.tries = tries;
    return size_task(entry, features, *taught(), {.machine = {.cpu = 4_cores, .memory = 16_GiB}, .in_phases = true});
}

}  // namespace

TEST_CASE("a task is asked for in the phases of its forecast") {
    const loop::Ask ask = ask_after({});
    REQUIRE(ask.phases.size() == 2);
    CHECK(ask.phases[0].amounts.memory < 200_MiB);
    CHECK(ask.phases[0].until > 60s);
    CHECK(ask.phases[1].amounts.memory == ask.amounts.memory);
}

// After 40 s: 5 % before that is 38 s.
TEST_CASE("after it ran out of memory it is asked for as before until a little earlier, and then for all of it") {
    const loop::Ask ask = ask_after({.out_of_memory = 1, .failed_memory = 200_MiB, .failed_after = 40s});
    REQUIRE(ask.phases.size() == 2);
    CHECK(ask.phases[0].amounts.memory < 200_MiB);
    CHECK(ask.phases[0].until == 38s);
    CHECK(ask.phases[1].amounts.memory == ask.amounts.memory);
}

TEST_CASE("after a second failure, and after it was in others' way, it is asked for with all throughout") {
    CHECK(ask_after({.out_of_memory = 2, .failed_memory = 200_MiB, .failed_after = 40s}).phases.empty());
    CHECK(ask_after({.outgrown = 300_MiB}).phases.empty());
}

TEST_CASE("a little more than whole cores is whole cores") {
    CHECK(settled_cores(1.1_cores) == 1_cores);
    CHECK(settled_cores(1.2_cores) == 1.2_cores);
    CHECK(settled_cores(4.5_cores) == 4_cores);
    CHECK(settled_cores(4.7_cores) == 4.7_cores);
}

TEST_CASE("whole cores and less than one stay what they are") {
    CHECK(settled_cores(2_cores) == 2_cores);
    CHECK(settled_cores(0.1_cores) == 0.1_cores);
    CHECK(settled_cores(0.97_cores) == 0.97_cores);
}

TEST_CASE("the risk of a run goes over that of its steps, which goes over the usual one") {
    Step step;
    CHECK(loop::SizingTerms{}.of(step).failure_weight == 1);
    step.risk = Risk{10};
    CHECK(loop::SizingTerms{}.of(step).failure_weight == 10);
    CHECK(loop::SizingTerms{.risk = Risk{0}}.of(step).failure_weight == 0);
}
