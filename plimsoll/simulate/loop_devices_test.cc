// SPDX-License-Identifier: Apache-2.0
// Which GPUs tasks are given, on a small simulated machine.
#include <doctest/doctest.h>

#include <algorithm>

#include "plimsoll/simulate/drawing.h"
#include "plimsoll/simulate/simulated_run.h"

using namespace plimsoll;
using namespace plimsoll::simulate;
using namespace std::chrono_literals;

namespace {

/// A machine of two GPUs, on which each task takes ten seconds and asks for what its step does: a half of a GPU, a
/// whole one, or both.
struct TwoGpus {
    explicit TwoGpus(const char* drawing) {
        tasks = draw(drawing, Request{.cpu = Cores{1}, .memory = 1_GiB, .time = 20s}).value();
        for (const auto& [step, gpu] : {std::pair("half", 0.5), std::pair("whole", 1.0), std::pair("both", 2.0)})
            if (Step* named = tasks.step(step)) named->request.gpu = gpu;
        simulated.emplace(
            SimulatedRun::Setup{
                .nodes = {{.id = 0, .name = "here", .capacity = parse_resources("cpu=8 memory=16GiB gpu=2").value()}},
                .truth = [](const std::string&, int) { return Behaviour{.runtime = 10s}; }},
            *forecaster);
        source.emplace(tasks.tasks);
        simulated->loop().add(*source);
    }
    void run() { REQUIRE(simulated->finish()); }
    /// "half[0] had 0 from 0 s", in the order of starts.
    std::vector<std::string> given() {
        std::vector<SimulatedEngine::Stretch> stretches = simulated->engine().stretches();
        std::ranges::sort(stretches, {}, [](const auto& each) { return std::pair(each.from, each.attempt); });
        std::vector<std::string> told;
        for (const auto& each : stretches) {
            std::string text = tasks.tasks[each.attempt.task].name + " had";
            for (const int gpu : each.gpus) text += " " + std::to_string(gpu);
            told.push_back(text + " from " + std::to_string(each.from.time_since_epoch() / 1s) + " s");
        }
        return told;
    }

    std::unique_ptr<forecast::Forecaster> forecaster = forecast::make_forecaster("request");
    Drawing tasks;
    std::optional<SimulatedRun> simulated;
    std::optional<workflow::FixedSource> source;
};

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("two halves share one GPU, so that a whole one is left for who wants that") {
    TwoGpus machine("half*2; whole");
    std::vector<int> told;  // to other runs, meanwhile
    machine.simulated->engine().at(Instant(5s), [&] { told = machine.simulated->machine().devices(); });
    machine.run();
    CHECK(machine.given() == Lines{"half[0] had 0 from 0 s", "half[1] had 0 from 0 s", "whole had 1 from 0 s"});
    CHECK(machine.simulated->engine().most_of_a_gpu() == 1);
    CHECK(told == std::vector<int>{1000, 1000});
}

TEST_CASE("who wants both waits until both are free") {
    TwoGpus machine("half*3; both");
    machine.run();
    CHECK(machine.given() == Lines{"half[0] had 0 from 0 s", "half[1] had 0 from 0 s", "half[2] had 1 from 0 s",
                                   "both had 0 1 from 10 s"});
    CHECK(machine.simulated->engine().most_of_a_gpu() == 1);
}

TEST_CASE("what other runs hold of a GPU is left to them, and they are told what this one holds") {
    TwoGpus machine("whole; half");
    machine.simulated->machine().others_hold({.gpu = 0.5});
    machine.simulated->machine().others_devices({500});
    machine.run();
    CHECK(machine.given() == Lines{"whole had 1 from 0 s", "half had 0 from 0 s"});
}

TEST_CASE("room of which no GPU has enough is none: a whole one is not made of two halves") {
    TwoGpus machine("whole");
    machine.simulated->machine().others_hold({.gpu = 1});
    machine.simulated->machine().others_devices({500, 500});
    machine.simulated->engine().at(Instant(30s), [&] {
        machine.simulated->machine().others_hold({.gpu = 0.5});
        machine.simulated->machine().others_devices({0, 500});
    });
    machine.run();
    CHECK(machine.given() == Lines{"whole had 0 from 30 s"});
}

TEST_CASE("which GPUs a task was given is kept for explain") {
    TwoGpus machine("both");
    machine.run();
    const auto decided = machine.simulated->store().all<history::Decided>();
    const auto given = std::ranges::find_if(decided, [](const auto& each) { return each.decision.subject == "gpu"; });
    REQUIRE(given != decided.end());
    CHECK(given->decision.new_value == "GPUs 0, 1");
    CHECK(given->decision.reason == "for it alone as long as it runs");
}
