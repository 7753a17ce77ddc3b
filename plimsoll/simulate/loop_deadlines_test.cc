// SPDX-License-Identifier: Apache-2.0
// Deadlines through the whole loop: room is kept for what is due, and where forecasts were wrong others make it.
#include <doctest/doctest.h>

#include <map>
#include <string>

#include "plimsoll/simulate/drawing.h"
#include "plimsoll/simulate/simulated_run.h"

using namespace plimsoll;
using namespace plimsoll::simulate;
using namespace std::chrono_literals;

namespace {

/// Two cores; `prep` takes 10 s and a core, then `due` takes 10 s and both, to be done by 35 s; `low` takes a core
/// each.
struct World {
    Drawing drawing = draw("prep; due <- prep; low*4", {.cpu = 1_cores, .memory = 64_MiB, .time = 10s}).value();
    std::unique_ptr<forecast::Forecaster> forecaster = forecast::make_forecaster("request");
    std::unique_ptr<SimulatedRun> run;
    std::unique_ptr<workflow::FixedSource> source;
    std::map<std::string, Duration> ended;
    std::vector<loop::Event> events;

    /// `low` is said to take so long, and takes so long.
    World(Duration low_said, Duration low_takes, shape::Abilities abilities = {true, true, true},
          bool refuses = false) {
        drawing.step("due")->request.cpu = 2_cores;
        drawing.step("due")->deadline = 35s;
        drawing.step("low")->request.time = low_said;
        run = std::make_unique<SimulatedRun>(
            SimulatedRun::Setup{
                .nodes = {{.id = 0, .name = "here", .capacity = parse_resources("cpu=2 memory=8GiB").value()}},
                .truth =
                    [low_takes](const std::string& task, int) {
                        return Behaviour{.runtime = task.starts_with("low") ? low_takes : Duration(10s),
                                         .memory_peak = 32_MiB};
                    },
                .keep_going = true,
                .abilities = abilities,
                .store = {}},
            *forecaster);
        source = std::make_unique<workflow::FixedSource>(drawing.tasks);
        run->loop().add(*source);
        run->limits().refuse(refuses);
        events = run->finish().value();
        for (const auto& done : run->store().all<history::AttemptEnded>())
            ended[done.attempt.task_name] = done.attempt.ended->time_since_epoch() - WallTime{}.time_since_epoch();
    }

    int count(const char* action) const {
        int found = 0;
        for (const auto& decided : run->store().all<history::Decided>()) found += decided.decision.action == action;
        return found;
    }
    Duration end_of(const char* task) const { return ended.at(task) - start(); }
    Duration start() const {
        return run->store().all<history::AttemptStarted>().front().attempt.started.time_since_epoch();
    }
};

}  // namespace

// A low task of 60 s would be in the way from 10 s on: none starts beside prep.
TEST_CASE("room is kept for what is due before it is ready") {
    const World world(60s, 60s);
    CHECK(world.end_of("due") <= 21s);
    CHECK(world.count("freeze") == 0);
    CHECK(world.run->loop().state() == RunState::finished);
}

// A low task of 5 s is through before: one after the other they use the core beside prep.
TEST_CASE("what is done before it is due runs beside") {
    const World world(5s, 5s);
    CHECK(world.end_of("due") <= 21s);
    CHECK(world.end_of("low[0]") <= 6s);
}

// Said to take 5 s, a low task takes 100: it stands still from the latest start of due on, and then goes on.
TEST_CASE("where others take longer than was forecast, they stand still for what is due, and finish later") {
    const World world(5s, 100s);
    CHECK(world.end_of("due") <= 35s);
    CHECK(world.count("freeze") == 2);  // both that run when it must start
    CHECK(world.count("preempt") == 0);
    CHECK(world.run->loop().state() == RunState::finished);
}

TEST_CASE("where nobody can be frozen, who loses least is ended and runs again") {
    const World world(5s, 100s, {.limits_memory = true, .notices = true, .freezes = false});
    CHECK(world.end_of("due") <= 37s);  // its bound of 10 s, and up to two for the other to end
    CHECK(world.count("preempt") >= 1);
    CHECK(world.count("freeze") == 0);
    CHECK(world.run->loop().state() == RunState::finished);
}

TEST_CASE("who cannot be made to stand still is ended instead") {
    const World world(5s, 100s, {true, true, true}, true);
    CHECK(world.end_of("due") <= 37s);
    CHECK(world.count("freeze") >= 1);  // tried, and told to be impossible
    CHECK(world.count("preempt") >= 1);
}
