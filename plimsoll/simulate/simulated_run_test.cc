// SPDX-License-Identifier: Apache-2.0
// The laws of the loop, each on a small simulated machine.
#include "plimsoll/simulate/simulated_run.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>

#include "plimsoll/base/text.h"
#include "plimsoll/simulate/drawing.h"

using namespace plimsoll;
using namespace plimsoll::simulate;
using namespace std::chrono_literals;

namespace {

constexpr Request small{.cpu = Cores{1}, .memory = Bytes{1 << 30}, .time = {}, .disk = {}, .gpu = {}};

Drawing drawn(std::string_view text, const Request& request = small) { return draw(text, request).value(); }

std::vector<Node> one_node(const char* capacity) {
    return {{.id = 0, .name = "here", .capacity = parse_resources(capacity).value()}};
}

Truth always(Behaviour behaviour) {
    return [=](const std::string&, int) { return behaviour; };
}

/// The events as a drawing: "start a, finish a, start b".
std::string story(const std::vector<loop::Event>& events) {
    static const std::map<loop::EventKind, std::string> words = {
        {loop::EventKind::task_started, "start"},    {loop::EventKind::task_finished, "finish"},
        {loop::EventKind::task_failed, "fail"},      {loop::EventKind::task_retried, "retry"},
        {loop::EventKind::task_cancelled, "cancel"}, {loop::EventKind::task_up_to_date, "skip"}};
    std::vector<std::string> parts;
    for (const loop::Event& event : events)
        if (const auto word = words.find(event.kind); word != words.end())
            parts.push_back(word->second + " " + event.task_name);
    return join(parts, ", ");
}

struct Told {
    std::string story;
    RunState state;
    Duration makespan;
};

Told run(SimulatedRun& simulated, std::vector<Task> tasks) {
    workflow::FixedSource source(std::move(tasks));
    simulated.loop().add(source);
    const auto events = simulated.finish();
    REQUIRE(events);
    return {story(*events), simulated.loop().state(), simulated.clock().now().time_since_epoch()};
}

}  // namespace

TEST_CASE("a task starts when all it needs has finished") {
    const auto forecaster = forecast::make_forecaster("request");
    SimulatedRun simulated({one_node("cpu=4 memory=8GiB"), always({.runtime = 10s})}, *forecaster);
    const Drawing drawing = drawn("a; b <- a; c <- b");
    const Told told = run(simulated, drawing.tasks);
    CHECK(told.story == "start a, finish a, start b, finish b, start c, finish c");
    CHECK(told.state == RunState::finished);
    CHECK(told.makespan == 30s);
}

TEST_CASE("what is reserved never exceeds the machine") {
    const auto forecaster = forecast::make_forecaster("request");
    SimulatedRun simulated({one_node("cpu=2 memory=8GiB"), always({.runtime = 10s})}, *forecaster);
    const Drawing drawing = drawn("a; b; c; d; e");
    const Told told = run(simulated, drawing.tasks);
    CHECK(fits(simulated.engine().most_reserved().front(), parse_resources("cpu=2 memory=8GiB").value()));
    CHECK(told.makespan == 30s);  // five of ten seconds each, two at a time
}

TEST_CASE("a failure ends the run once what runs is done, and cancels what needs it") {
    const auto forecaster = forecast::make_forecaster("request");
    const Truth truth = [](const std::string& task, int) {
        return Behaviour{.runtime = task == "b" ? Duration(20s) : Duration(10s), .exit_code = task == "a" ? 3 : 0};
    };
    SimulatedRun simulated({one_node("cpu=2 memory=8GiB"), truth}, *forecaster);
    const Drawing drawing = drawn("a; b; c <- a; d");
    const Told told = run(simulated, drawing.tasks);
    CHECK(told.state == RunState::failed);
    CHECK(told.story.find("fail a") != std::string::npos);
    CHECK(told.story.find("cancel c") != std::string::npos);
    CHECK(told.story.find("cancel d") != std::string::npos);
    CHECK(told.story.find("finish b") != std::string::npos);
}

TEST_CASE("keep-going runs all that does not depend on the failure") {
    const auto forecaster = forecast::make_forecaster("request");
    const Truth truth = [](const std::string& task, int) {
        return Behaviour{.runtime = 10s, .exit_code = task == "a" ? 3 : 0};
    };
    SimulatedRun simulated({one_node("cpu=1 memory=8GiB"), truth, true}, *forecaster);
    const Drawing drawing = drawn("a; b; c <- a; d <- b");
    const Told told = run(simulated, drawing.tasks);
    CHECK(told.story.find("finish d") != std::string::npos);
    CHECK(told.story.find("cancel c") != std::string::npos);
    CHECK(told.state == RunState::failed);
}

// 3 cores: a takes 2, b wants 2 and waits for a, c takes the one that b leaves.
TEST_CASE("a backfill names who waits, and says when that one starts only if runtimes are known") {
    const auto reason_of_c = [](const std::optional<Duration>& time) {
        const auto forecaster = forecast::make_forecaster("request");
        SimulatedRun simulated({one_node("cpu=3 memory=16GiB"), always({.runtime = 10s})}, *forecaster);
        Drawing drawing = drawn("a; b; c");
        for (Step& step : drawing.steps) step.request.time = time;
        for (const char* wide : {"a", "b"}) drawing.step(wide)->request.cpu = 2_cores;
        run(simulated, drawing.tasks);
        for (const auto& decided : simulated.store().all<history::Decided>())
            if (decided.decision.action == "start" && decided.decision.task == TaskId{2})
                return decided.decision.reason;
        return std::string();
    };
    CHECK(reason_of_c({}) ==
          "backfill: runtime unknown, taken to be done before b can start, which waits for tasks of unknown runtime");
    CHECK(reason_of_c(20s) == "backfill: done before b can start in 20.0 s");
}

TEST_CASE("out of memory raises memory until it fits, and nothing else") {
    const auto forecaster = forecast::make_forecaster("request");
    SimulatedRun simulated({.nodes = one_node("cpu=2 memory=16GiB"),
                            .truth = always({.runtime = 10s, .memory_peak = 3_GiB}),
                            .shape = loop::ShapeMode::off,
                            .store = {}},
                           *forecaster);
    const Drawing drawing = drawn("a");
    const Told told = run(simulated, drawing.tasks);
    CHECK(told.state == RunState::finished);
    const auto attempts = simulated.store().all<history::AttemptEnded>();
    REQUIRE(attempts.size() >= 2);
    CHECK(attempts.front().attempt.outcome->ending == Ending::out_of_memory);
    CHECK(attempts.back().attempt.reserved.memory >= 3_GiB);
    for (const auto& ended : attempts) CHECK(ended.attempt.reserved.cpu == attempts.front().attempt.reserved.cpu);
}

TEST_CASE("a task that no memory of this machine satisfies fails and says so") {
    const auto forecaster = forecast::make_forecaster("request");
    SimulatedRun simulated({one_node("cpu=2 memory=2GiB"), always({.runtime = 10s, .memory_peak = 64_GiB})},
                           *forecaster);
    const Drawing drawing = drawn("a");
    const Told told = run(simulated, drawing.tasks);
    CHECK(told.state == RunState::failed);
    CHECK(simulated.store().tasks().front().reason.find("all that this machine has") != std::string::npos);
}

TEST_CASE("a plain failure is retried only as often as the step allows") {
    const auto forecaster = forecast::make_forecaster("request");
    const Truth truth = [](const std::string&, int attempt) {
        return Behaviour{.runtime = 1s, .exit_code = attempt < 3 ? 1 : 0};
    };
    Drawing patient = drawn("a"), hasty = drawn("a");
    patient.steps.front().retry.on_failure = 2;
    SimulatedRun first({one_node("cpu=1 memory=2GiB"), truth}, *forecaster),
        second({one_node("cpu=1 memory=2GiB"), truth}, *forecaster);
    CHECK(run(first, patient.tasks).story == "start a, retry a, start a, retry a, start a, finish a");
    CHECK(run(second, hasty.tasks).story == "start a, fail a");
}

TEST_CASE("a task over its timeout is ended, and gets twice the time when it is tried again") {
    const auto forecaster = forecast::make_forecaster("request");
    Drawing drawing = drawn("a");
    drawing.steps.front().timeout = 6s;
    SimulatedRun simulated({one_node("cpu=1 memory=2GiB"), always({.runtime = 10s})}, *forecaster);
    const Told told = run(simulated, drawing.tasks);
    CHECK(told.story == "start a, retry a, start a, finish a");
    CHECK(told.makespan == 16s);
}

TEST_CASE("what is up to date is skipped, and what needs it goes on at once") {
    const auto forecaster = forecast::make_forecaster("request");
    const Truth truth = [](const std::string& task, int) {
        return Behaviour{.runtime = 10s, .up_to_date = task == "a"};
    };
    SimulatedRun simulated({one_node("cpu=1 memory=2GiB"), truth}, *forecaster);
    const Drawing drawing = drawn("a; b <- a");
    const Told told = run(simulated, drawing.tasks);
    CHECK(told.story == "skip a, start b, finish b");
    CHECK(told.makespan == 10s);
}

TEST_CASE("a temporary output goes when its last reader has finished, not before") {
    const auto forecaster = forecast::make_forecaster("request");
    Drawing drawing = drawn("a; b <- a; c <- a");
    drawing.make_temporary("a");
    SimulatedRun simulated({one_node("cpu=1 memory=2GiB"), always({.runtime = 10s})}, *forecaster);
    workflow::FixedSource source(drawing.tasks);
    simulated.loop().add(source);
    while (!simulated.loop().done()) {
        const bool before = simulated.store().all<history::AttemptEnded>().size() < 3;
        REQUIRE(simulated.loop().tick());
        if (before && simulated.store().all<history::AttemptEnded>().size() < 3)
            CHECK(simulated.workspace().deleted().empty());
    }
    CHECK(simulated.workspace().deleted() == std::vector<std::string>{"a.out"});
}

TEST_CASE("stopping lets running tasks finish; stopping harder ends them") {
    const auto forecaster = forecast::make_forecaster("request");
    for (const auto& [mode, ending] : {std::pair{loop::StopMode::drain, Ending::finished},
                                       std::pair{loop::StopMode::terminate, Ending::cancelled}}) {
        SimulatedRun simulated({one_node("cpu=1 memory=2GiB"), always({.runtime = 10s})}, *forecaster);
        const Drawing drawing = drawn("a; b; c <- a");
        workflow::FixedSource source(drawing.tasks);
        simulated.loop().add(source);
        REQUIRE(simulated.loop().tick(Instant(1s)));
        simulated.loop().stop(mode);
        REQUIRE(simulated.finish());
        CHECK(simulated.loop().state() == RunState::cancelled);
        const auto ended = simulated.store().all<history::AttemptEnded>();
        REQUIRE(ended.size() == 1);
        CHECK(ended.front().attempt.outcome->ending == ending);
    }
}

TEST_CASE("the critical path goes first") {
    const auto forecaster = forecast::make_forecaster("request");
    const Truth truth = [](const std::string&, int) { return Behaviour{.runtime = 10s}; };
    SimulatedRun simulated({one_node("cpu=1 memory=2GiB"), truth}, *forecaster);
    const Drawing drawing = drawn("x; y; a; b <- a; c <- b", {.cpu = Cores{1}, .memory = Bytes{1 << 30}, .time = 10s});
    const Told told = run(simulated, drawing.tasks);
    CHECK(told.story.starts_with("start a, finish a, start b, finish b"));
}
