// SPDX-License-Identifier: Apache-2.0
// Queues through the whole loop: shares, limits, and other runs that wait in them.
#include <doctest/doctest.h>

#include <map>
#include <string>

#include "plimsoll/simulate/drawing.h"
#include "plimsoll/simulate/simulated_run.h"

using namespace plimsoll;
using namespace plimsoll::simulate;
using namespace std::chrono_literals;

namespace {

std::vector<QueueSpec> two_queues(double weight_a, double weight_b) {
    return {{.path = "", .discipline = Discipline::fair},
            {.path = "default", .parent = 0},
            {.path = "a", .parent = 0, .weight = weight_a},
            {.path = "b", .parent = 0, .weight = weight_b}};
}

Resources of(const char* text) { return parse_resources(text).value(); }

/// Steps a and b, in the queues of their names, each task as long as asked for; on one machine.
struct TwoQueues {
    Drawing drawing;
    std::unique_ptr<forecast::Forecaster> forecaster = forecast::make_forecaster("request");
    SimulatedRun run;
    workflow::FixedSource source;

    TwoQueues(const char* drawn, std::vector<QueueSpec> queues, const char* machine)
        : drawing(draw(drawn, {.cpu = 1_cores, .memory = 64_MiB, .time = 10s}).value()),
          run({.nodes = {{.id = 0, .name = "here", .capacity = of(machine)}},
               .truth = [](const std::string&, int) { return Behaviour{.runtime = 10s, .memory_peak = 32_MiB}; },
               .keep_going = true,
               .store = {},
               .queues = std::move(queues)},
              *forecaster),
          source(in_queues()) {
        run.loop().add(source);
    }

    std::vector<Task> in_queues() {
        for (Step& step : drawing.steps) step.queue = step.name;
        return drawing.tasks;
    }

    /// How many attempts of each step had started by then.
    std::map<std::string, int> started_by(Instant when) const {
        std::map<std::string, int> count;
        for (const auto& begun : run.store().all<history::AttemptStarted>())
            if (begun.attempt.started <= WallTime(when.time_since_epoch())) ++count[begun.attempt.kind.step];
        return count;
    }

    std::vector<std::string> reasons(const char* action) const {
        std::vector<std::string> all;
        for (const auto& decided : run.store().all<history::Decided>())
            if (decided.decision.action == action) all.push_back(decided.decision.reason);
        return all;
    }
};

}  // namespace

TEST_CASE("queues of weights 3 : 1 start tasks 3 : 1, and explain says whose turn it was") {
    TwoQueues world("a*40; b*40", two_queues(3, 1), "cpu=4 memory=8GiB");
    std::map<std::string, int> running, seen;
    const auto events = world.run.finish([&](const std::vector<loop::Event>&) {
        running.clear();
        for (const auto* attempt : world.run.loop().running().in_order()) ++running[attempt->record.kind.step];
        if (running["a"] + running["b"] == 4 && world.run.clock().now() < Instant(90s))
            ++seen[running["a"] == 3 ? "3:1" : "other"];
    });
    REQUIRE(events);
    CHECK(seen["3:1"] > 0);
    CHECK(seen["other"] == 0);
    const std::vector<std::string> reasons = world.reasons("start");
    CHECK(reasons[4].starts_with("turn of queue "));
    CHECK(reasons[4].find("% are due to it beside 1 other with work; ") != std::string::npos);
}

TEST_CASE("a queue runs no more at once than it may, and whoever waits for that is told") {
    std::vector<QueueSpec> queues = two_queues(1, 1);
    queues[2].max_running = 2;
    TwoQueues world("a*6; b*2", queues, "cpu=8 memory=8GiB");
    std::string told;
    std::size_t most = 0;
    const auto events = world.run.finish([&](const std::vector<loop::Event>&) {
        std::size_t of_a = 0;
        for (const auto* attempt : world.run.loop().running().in_order()) of_a += attempt->record.kind.step == "a";
        most = std::max(most, of_a);
        if (told.empty()) told = world.run.loop().waits_for(world.run.clock().now());
    });
    REQUIRE(events);
    CHECK(most == 2);
    CHECK(told == "a[2] waits: queue a runs 2 tasks, and may run no more");
}

TEST_CASE("a task that asks for more than its queue may ever hold fails at once, and says so") {
    std::vector<QueueSpec> queues = two_queues(1, 1);
    queues[2].most.memory = 32_MiB;
    TwoQueues world("a; b", queues, "cpu=8 memory=8GiB");
    const auto events = world.run.finish();
    REQUIRE(events);
    CHECK(world.run.loop().tasks()[0].state == TaskState::failed);
    CHECK(world.run.loop().tasks()[0].reason ==
          "asks for memory=64.0 MiB, and queue a may hold cpu=8 memory=32.0 MiB at most");
    CHECK(world.run.loop().tasks()[1].state == TaskState::finished);
}

// Another run holds nothing and waits in b with one core, which is due to it; this one has work for all four.
TEST_CASE("a run above its due leaves room for another that waits, and takes it where that does not come") {
    TwoQueues world("a*12", two_queues(1, 1), "cpu=4 memory=8GiB");
    world.run.machine().others_queue({.path = "b", .run = 7, .held = {}, .running = 0, .first = of("cpu=1")});
    std::map<Duration, std::size_t> running;
    const auto events = world.run.finish([&](const std::vector<loop::Event>&) {
        running[world.run.clock().now() - Instant{}] = world.run.loop().running().size();
    });
    REQUIRE(events);
    CHECK(std::prev(running.upper_bound(1s))->second == 3);
    CHECK(std::prev(running.upper_bound(4s))->second == 4);
}

TEST_CASE("what a run's queues hold and wait for is told to the others") {
    TwoQueues world("a*6", two_queues(1, 1), "cpu=4 memory=8GiB");
    std::vector<machine::QueueHolding> first;
    const auto events = world.run.finish([&](const std::vector<loop::Event>&) {
        if (first.empty()) first = world.run.machine().queues();
    });
    REQUIRE(events);
    REQUIRE(first.size() == 1);
    CHECK(first[0].path == "a");
    CHECK(first[0].running == 4);
    CHECK(first[0].held.cpu == 4_cores);
    REQUIRE(first[0].first);
    CHECK(first[0].first->cpu == 1_cores);
}
