// SPDX-License-Identifier: Apache-2.0
// What the loop does to tasks that run: growing, freezing, giving back. In all drawings memory rises in a
// straight line for half of the runtime.
#include <doctest/doctest.h>

#include <algorithm>

#include "plimsoll/simulate/drawing.h"
#include "plimsoll/simulate/simulated_run.h"

using namespace plimsoll;
using namespace plimsoll::simulate;
using namespace std::chrono_literals;

namespace {

std::vector<Node> one_node(std::string_view amounts) {
    return {{.id = 0, .name = "node", .capacity = parse_resources(amounts).value()}};
}

Request asks_for(Bytes memory) {
    Request request;
    request.cpu = 1_cores;
    request.memory = memory;
    return request;
}

Truth always(const Behaviour& behaviour) {
    return [behaviour](const std::string&, int) { return behaviour; };
}

/// A run of one drawing, sized by its requests, played to its end.
struct Course {
    std::unique_ptr<forecast::Forecaster> forecaster = forecast::make_forecaster("request");
    Drawing drawing;
    SimulatedRun run;
    workflow::FixedSource source;
    std::vector<loop::Event> events;

    Course(std::string_view text, Bytes request, const SimulatedRun::Setup& setup)
        : drawing(draw(text, asks_for(request)).value()), run(setup, *forecaster), source(drawing.tasks) {
        run.loop().add(source);
    }
    Course& finish(const SimulatedRun::AfterTick& after_tick = {}) {
        events = run.finish(after_tick).value();
        return *this;
    }

    std::vector<AttemptRecord> attempts() const {
        std::vector<AttemptRecord> all;
        for (auto& ended : run.store().all<history::AttemptEnded>()) all.push_back(ended.attempt);
        return all;
    }
    long told(loop::EventKind kind) const { return std::ranges::count(events, kind, &loop::Event::kind); }
    std::vector<Decision> decided(std::string_view action) const {
        std::vector<Decision> found;
        for (const auto& entry : run.store().all<history::Decided>())
            if (entry.decision.action == action) found.push_back(entry.decision);
        return found;
    }
};

const Behaviour outgrows{.runtime = 20s, .memory_peak = 1000_MiB};

}  // namespace

TEST_CASE("a task that needs more than it was given is grown in place, and each step says why") {
    Course course("a", 600_MiB, {.nodes = one_node("cpu=2 memory=8GiB"), .truth = always(outgrows), .store = {}});
    course.finish();
    const auto attempts = course.attempts();
    REQUIRE(attempts.size() == 1);
    CHECK(attempts[0].outcome->ending == Ending::finished);
    CHECK(attempts[0].reserved.memory >= 1000_MiB);
    CHECK(attempts[0].reserved.memory <= 1200_MiB);
    CHECK(attempts[0].shaping.grown == course.told(loop::EventKind::task_grown));
    CHECK(attempts[0].shaping.grown <= 6);
    const auto grown = course.decided("grow");
    REQUIRE(grown.size() == static_cast<std::size_t>(attempts[0].shaping.grown));
    CHECK(grown[0].reason.starts_with("it uses 6"));
    CHECK(grown[0].reason.ends_with("of the 600 MiB held for it and rises by 100 MiB a second"));
    CHECK(grown[0].old_value == "600 MiB");
}

TEST_CASE("what was held is counted as it was over time") {
    Course course("a", 600_MiB, {.nodes = one_node("cpu=2 memory=8GiB"), .truth = always(outgrows), .store = {}});
    const AttemptRecord attempt = course.finish().attempts().at(0);
    const double mean = attempt.shaping.reserved_byte_seconds / seconds(attempt.profile.runtime);
    CHECK(mean > static_cast<double>((600_MiB).count));
    CHECK(mean < static_cast<double>(attempt.reserved.memory.count));
    CHECK(attempt.shaping.reserved_core_seconds == doctest::Approx(seconds(attempt.profile.runtime)));
}

TEST_CASE("with shaping off a task is stopped at what it was given") {
    Course course("a", 600_MiB,
                  {.nodes = one_node("cpu=2 memory=8GiB"),
                   .truth = always(outgrows),
                   .shape = loop::ShapeMode::off,
                   .store = {}});
    course.finish();
    CHECK(course.attempts().front().outcome->ending == Ending::out_of_memory);
    CHECK(course.told(loop::EventKind::task_grown) == 0);
}

// 2 x 600 of 1400: at 600 each both want more; a goes on, b waits until a is done.
TEST_CASE("where memory is short one waits for the other, and nothing is lost") {
    Course course("a; b", 600_MiB, {.nodes = one_node("cpu=2 memory=1700MiB"), .truth = always(outgrows), .store = {}});
    course.finish();
    const auto attempts = course.attempts();
    REQUIRE(attempts.size() == 2);
    CHECK(attempts[0].shaping.frozen + attempts[1].shaping.frozen >= 1);
    CHECK(course.told(loop::EventKind::task_frozen) == course.told(loop::EventKind::task_resumed));
    for (const AttemptRecord& attempt : attempts) {
        CHECK(attempt.outcome->ending == Ending::finished);
        CHECK(attempt.profile.runtime == 20s);
    }
    CHECK(course.run.loop().state() == RunState::finished);
}

TEST_CASE(
    "the time for which a task is frozen is not its own: its timeout waits, and its runtime is not learnt longer") {
    Course course("a; b", 600_MiB, {.nodes = one_node("cpu=2 memory=1700MiB"), .truth = always(outgrows), .store = {}});
    for (Step& step : course.drawing.steps) step.timeout = 22s;
    course.finish();
    for (const AttemptRecord& attempt : course.attempts()) CHECK(attempt.outcome->ending == Ending::finished);
    CHECK(course.run.clock().now() > Instant(25s));
}

TEST_CASE("nothing is started for as long as something that runs waits for memory") {
    Course course("a; b; c", 600_MiB,
                  {.nodes = one_node("cpu=8 memory=1700MiB"), .truth = always(outgrows), .store = {}});
    bool somebody_waited = false;
    course.finish([&](const std::vector<loop::Event>& told) {
        for (const loop::Event& event : told) {
            if (event.kind == loop::EventKind::task_frozen) somebody_waited = true;
            if (event.kind == loop::EventKind::task_resumed) somebody_waited = false;
            if (event.kind == loop::EventKind::task_started) CHECK_FALSE(somebody_waited);
        }
    });
    CHECK(course.run.loop().state() == RunState::finished);
}

// All four come to 600 at the same instant and none can go on: one is ended, and runs again when there is room.
TEST_CASE("only where all stand still one is ended for the others, says so, and is not counted as tried") {
    Course course("a*4", 600_MiB, {.nodes = one_node("cpu=8 memory=2400MiB"), .truth = always(outgrows), .store = {}});
    course.drawing.steps[0].retry = {.on_out_of_memory = 0, .on_timeout = 0, .on_failure = 0};
    course.finish();
    CHECK(course.run.loop().state() == RunState::finished);
    const auto ended = course.decided("preempt");
    REQUIRE(ended.size() == 1);
    CHECK(ended[0].reason.starts_with("all running tasks wait for memory"));
    const auto attempts = course.attempts();
    CHECK(std::ranges::count_if(attempts, [](const auto& one) { return one.outcome->ending == Ending::preempted; }) ==
          1);
    CHECK(attempts.back().reserved.memory >= 1000_MiB);
}

// The first four start at once, as asked for: nothing is known yet, and one of them is ended. From then on room is
// kept for one to grow in, though every step is another. Without it each wave of four loses one.
TEST_CASE("where the user asks for too little in most steps, only the first of them have to learn it") {
    Course course("a; b; c; d; e; f; g; h; i; j; k; l", 600_MiB,
                  {.nodes = one_node("cpu=16 memory=2400MiB"), .truth = always(outgrows), .store = {}});
    course.finish();
    CHECK(course.run.loop().state() == RunState::finished);
    CHECK(course.decided("preempt").size() == 1);
}

TEST_CASE("a task that no memory satisfies is ended once it holds all there is, and is not tried again") {
    const Behaviour endless{.runtime = 20s, .memory_peak = 64_GiB};
    Course course("a", 600_MiB, {.nodes = one_node("cpu=2 memory=4GiB"), .truth = always(endless), .store = {}});
    course.finish();
    CHECK(course.run.loop().state() == RunState::failed);
    REQUIRE(course.attempts().size() == 1);
    CHECK(course.attempts()[0].outcome->ending == Ending::out_of_memory);
    CHECK(course.run.store().tasks().front().reason.find("all that this machine has") != std::string::npos);
}

TEST_CASE("a stop reaches a frozen task at once") {
    Course course("a; b", 600_MiB, {.nodes = one_node("cpu=2 memory=1700MiB"), .truth = always(outgrows), .store = {}});
    course.finish([&](const std::vector<loop::Event>& told) {
        const bool frozen = std::ranges::count(told, loop::EventKind::task_frozen, &loop::Event::kind) > 0;
        if (frozen) course.run.loop().stop(loop::StopMode::terminate);
    });
    CHECK(course.run.loop().state() == RunState::cancelled);
    CHECK(course.run.clock().now() < Instant(13s));
}

TEST_CASE("where nothing can be frozen a task runs on beyond what it holds, and nothing starts beside it") {
    Course course("a; b", 600_MiB,
                  {.nodes = one_node("cpu=2 memory=1700MiB"),
                   .truth = always(outgrows),
                   .abilities = {.limits_memory = true, .notices = true, .freezes = false},
                   .store = {}});
    course.finish();
    CHECK(course.told(loop::EventKind::task_frozen) == 0);
    CHECK(course.run.loop().state() == RunState::finished);
}

TEST_CASE("what a task was grown by and does not use any more is given back while it runs") {
    const Behaviour peaks{.runtime = 40s, .memory_peak = 1000_MiB, .memory_left = 0.2};
    Course course("a", 600_MiB, {.nodes = one_node("cpu=2 memory=8GiB"), .truth = always(peaks), .store = {}});
    course.finish();
    REQUIRE(course.decided("shrink").size() == 1);
    CHECK(course.decided("shrink")[0].new_value == "600 MiB");
}

TEST_CASE("a limit that cannot be written is told, and the task is left with the one it has") {
    Course course("a", 600_MiB, {.nodes = one_node("cpu=2 memory=8GiB"), .truth = always(outgrows), .store = {}});
    course.run.limits().refuse(true);
    course.finish();
    CHECK(course.run.loop().state() == RunState::finished);
    const auto refused = course.decided("limit");
    REQUIRE_FALSE(refused.empty());
    CHECK(refused[0].reason.starts_with("not set: "));
}

TEST_CASE("somebody else's hand on a limit is told") {
    Course course("a", 600_MiB, {.nodes = one_node("cpu=2 memory=8GiB"), .truth = always(outgrows), .store = {}});
    course.run.limits().meddle();
    course.finish();
    CHECK(course.decided("limit").size() == 1);
    CHECK(course.told(loop::EventKind::notice) == 1);
}

// High for a third of its time, then a tenth: what past runs did, the next one is given, and no more.
TEST_CASE("what a task holds follows its forecast over its own time, and what it gives back others start with") {
    const auto forecaster = forecast::make_forecaster("replayed-cost");
    const Behaviour two_phases{
        .runtime = 40s, .memory_peak = 1000_MiB, .peak_at = 0.1, .falls_at = 0.3, .memory_left = 0.1};
    const Drawing drawing = draw("a*6", asks_for(1100_MiB)).value();
    const auto play = [&](loop::ShapeMode shape) {
        SimulatedRun run(
            {.nodes = one_node("cpu=6 memory=2400MiB"), .truth = always(two_phases), .shape = shape, .store = {}},
            *forecaster);
        workflow::FixedSource source(drawing.tasks);
        run.loop().add(source);
        REQUIRE(run.finish());
        CHECK(run.loop().state() == RunState::finished);
        double held = 0;
        for (const auto& ended : run.store().all<history::AttemptEnded>()) {
            CHECK(ended.attempt.outcome->ending == Ending::finished);
            held += ended.attempt.shaping.reserved_byte_seconds;
        }
        return std::pair(run.clock().now(), held);
    };
    play(loop::ShapeMode::full);
    const auto [flat_time, flat_held] = play(loop::ShapeMode::flat);
    const auto [time, held] = play(loop::ShapeMode::full);
    CHECK(held < flat_held * 0.9);
    CHECK(time < flat_time);
}
