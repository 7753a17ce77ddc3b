// SPDX-License-Identifier: Apache-2.0
// Tasks of steps that never ran, through the whole loop: a few go first, the others stand behind other work.
#include <doctest/doctest.h>

#include <map>
#include <string>

#include "plimsoll/simulate/drawing.h"
#include "plimsoll/simulate/simulated_run.h"

using namespace plimsoll;
using namespace plimsoll::simulate;
using namespace std::chrono_literals;

namespace {

constexpr const char* room = "cpu=4 memory=16GiB";

/// All ask for a core and 4 GiB, and use 1 GiB for ten seconds, unless told otherwise.
struct NewSteps {
    Drawing drawing;
    SimulatedRun run;
    workflow::FixedSource source;

    static Behaviour as_asked(const std::string&, int) { return {.runtime = 10s, .memory_peak = 1_GiB}; }

    NewSteps(const char* drawn, forecast::Forecaster& forecaster, const Truth& truth = as_asked)
        : drawing(draw(drawn, {.cpu = 1_cores, .memory = 4_GiB}).value()),
          run({.nodes = {{.id = 0, .name = "here", .capacity = parse_resources(room).value()}},
               .truth = truth,
               .keep_going = true,
               .store = {}},
              forecaster),
          source(drawing.tasks) {
        run.loop().add(source);
        REQUIRE(run.finish());
        REQUIRE(run.loop().state() == RunState::finished);
    }

    /// How many attempts of each step had started by then.
    std::map<std::string, int> started_by(Instant when) const {
        std::map<std::string, int> count;
        for (const auto& begun : run.store().all<history::AttemptStarted>())
            if (begun.attempt.started <= WallTime(when.time_since_epoch())) ++count[begun.attempt.kind.step];
        return count;
    }

    /// How many tasks were told so of their place: "first", "behind others".
    int told(const char* place) const {
        int count = 0;
        for (const auto& decided : run.store().all<history::Decided>())
            count += decided.decision.action == "pilot" && decided.decision.new_value == place;
        return count;
    }
};

}  // namespace

TEST_CASE("no core stands idle for it: where there is no other work, those held back start beside their pilots") {
    const auto forecaster = forecast::make_forecaster("replayed-cost");
    NewSteps world("a*8", *forecaster);
    CHECK(world.started_by(Instant(1s)).at("a") == 4);
    CHECK(world.told("first") == 2);  // of 4 GiB each: half of the machine
    CHECK(world.told("behind others") == 6);
    CHECK(world.run.clock().now() < Instant(21s));
}

// Of both steps two go first. In the order of the steps, a's first four would have started alone.
TEST_CASE("pilots of all new steps go first, and once they have finished nothing is held back") {
    const auto forecaster = forecast::make_forecaster("replayed-cost");
    NewSteps world("a*8; b*8", *forecaster);
    CHECK(world.started_by(Instant(1s)) == std::map<std::string, int>{{"a", 2}, {"b", 2}});
    CHECK(world.started_by(Instant(11s)).at("a") == 6);
    CHECK(world.told("behind others") == 12);
    CHECK(world.run.clock().now() < Instant(41s));
}

TEST_CASE("what is known goes before new tasks that are held back, and behind their pilots") {
    const auto forecaster = forecast::make_forecaster("replayed-cost");
    const NewSteps before("old*2", *forecaster);
    NewSteps world("new*8; old*8", *forecaster);
    CHECK(world.started_by(Instant(1s)) == std::map<std::string, int>{{"new", 2}, {"old", 2}});
    CHECK(world.told("first") == 2);
}

TEST_CASE("a pilot that runs out of memory goes first again, before those that it holds back") {
    const auto forecaster = forecast::make_forecaster("replayed-cost");
    const Drawing drawing = draw("a*8; b*8", {.cpu = 1_cores, .memory = 4_GiB}).value();
    SimulatedRun::Setup setup;
    setup.nodes = {{.id = 0, .name = "here", .capacity = parse_resources(room).value()}};
    setup.truth = [](const std::string& task, int) {
        return Behaviour{.runtime = 10s, .memory_peak = task.starts_with("a") ? 5_GiB : 1_GiB};
    };
    setup.shape = loop::ShapeMode::off;
    SimulatedRun run(setup, *forecaster);
    workflow::FixedSource source(drawing.tasks);
    run.loop().add(source);
    REQUIRE(run.finish());
    CHECK(run.loop().state() == RunState::finished);
    std::map<AttemptId, int> place;
    for (const auto& begun : run.store().all<history::AttemptStarted>())
        place.emplace(begun.attempt.id, static_cast<int>(place.size()));
    CHECK(place.at({0, 2}) < place.at({2, 1}));
    CHECK(place.at({1, 2}) < place.at({2, 1}));
}

TEST_CASE("nobody is held back for tasks that will show nothing") {
    const auto forecaster = forecast::make_forecaster("request");
    NewSteps world("a*8; b*8", *forecaster);
    CHECK(world.started_by(Instant(1s)) == std::map<std::string, int>{{"a", 4}});
    CHECK(world.told("first") == 0);
    CHECK(world.told("behind others") == 0);
}
