// SPDX-License-Identifier: Apache-2.0
// Nodes that go, come back and are slow, and a machine that was suspended: what the engine does, and what the loop.
#include <doctest/doctest.h>

#include <algorithm>

#include "plimsoll/simulate/drawing.h"
#include "plimsoll/simulate/simulated_run.h"

using namespace plimsoll;
using namespace plimsoll::simulate;
using namespace std::chrono_literals;

namespace {

constexpr Request one_core{.cpu = Cores{1}, .memory = Bytes{1 << 30}, .time = {}, .disk = {}, .gpu = {}};

std::vector<Node> two_nodes() {
    const Resources each = parse_resources("cpu=1 memory=2GiB").value();
    return {{.id = 0, .name = "left", .capacity = each}, {.id = 1, .name = "right", .capacity = each}};
}

struct Course {
    std::unique_ptr<forecast::Forecaster> forecaster = forecast::make_forecaster("request");
    Drawing drawing;
    SimulatedRun run;
    workflow::FixedSource source;

    explicit Course(std::string_view text, Behaviour truth = {.runtime = 10s, .memory_peak = 100_MiB})
        : drawing(draw(text, one_core).value()),
          run({.nodes = two_nodes(), .truth = [=](const std::string&, int) { return truth; }, .store = {}},
              *forecaster),
          source(drawing.tasks) {
        run.loop().add(source);
    }
    std::vector<AttemptRecord> attempts() const {
        std::vector<AttemptRecord> all;
        for (auto& ended : run.store().all<history::AttemptEnded>()) all.push_back(ended.attempt);
        return all;
    }
    Duration makespan() { return run.clock().now().time_since_epoch(); }
};

}  // namespace

TEST_CASE("what is lost with its node runs again on another, and is not counted as a failure") {
    Course course("a; b");
    course.run.engine().at(Instant(4s), [&] { course.run.engine().set_there(0, false); });
    REQUIRE(course.run.finish());
    CHECK(course.run.loop().state() == RunState::finished);
    const auto attempts = course.attempts();
    REQUIRE(attempts.size() == 3);
    CHECK(describe(*attempts[0].outcome) == "lost: nobody saw its end: left went");
    CHECK(attempts[2].id.number == 2);
    // The other had the right node until 10 s.
    CHECK(course.makespan() == 20s);
    CHECK(course.run.engine().stretches().back().node == 1);
}

TEST_CASE("a node that comes back is used again") {
    Course course("a*6");
    course.run.engine().at(Instant(1s), [&] { course.run.engine().set_there(0, false); });
    course.run.engine().at(Instant(11s), [&] { course.run.engine().set_there(0, true); });
    REQUIRE(course.run.finish());
    const auto& stretches = course.run.engine().stretches();
    CHECK(std::ranges::any_of(stretches, [](const auto& one) { return one.node == 0 && one.from >= Instant(11s); }));
    CHECK(std::ranges::none_of(
        stretches, [](const auto& one) { return one.node == 0 && one.from > Instant(1s) && one.from < Instant(11s); }));
    CHECK(course.run.loop().state() == RunState::finished);
}

TEST_CASE("a task that waits for the one node that is large enough waits until that is back, and does not fail") {
    Course course("a; b");
    course.run.engine().set_there(0, false);
    course.run.engine().set_there(1, false);
    course.run.engine().at(Instant(1min), [&] { course.run.engine().set_there(1, true); });
    REQUIRE(course.run.finish());
    CHECK(course.run.loop().state() == RunState::finished);
    CHECK(course.makespan() >= 80s);
}

// 10 s of work: 4 s at full speed and 6 s at a half of it, 12 s by the clock.
TEST_CASE("on a slow node a task takes longer by as much as it is slow") {
    Course course("a");
    course.run.engine().at(Instant(4s), [&] {
        course.run.engine().set_speed(0, 0.5);
        course.run.engine().set_speed(1, 0.5);
    });
    REQUIRE(course.run.finish());
    CHECK(course.makespan() == 16s);
}

TEST_CASE("a suspended machine loses time, not work") {
    Course course("a");
    course.run.engine().at(Instant(4s), [&] { course.run.engine().suspend(1h); });
    REQUIRE(course.run.finish());
    CHECK(course.makespan() == 1h + 10s);
    CHECK(course.attempts().size() == 1);
}

TEST_CASE("memory follows a recorded curve, stretched to what the attempt comes to") {
    const Curve curve{
        .segments = {{.until = 1s, .memory = 100_MiB, .cpu = {}}, {.until = 4s, .memory = 400_MiB, .cpu = {}}},
        .peak = 400_MiB};
    Course course("a", {.runtime = 8s, .memory_peak = 800_MiB, .curve = &curve});
    Bytes before{}, after{};
    course.run.engine().at(Instant(1900ms), [&] { before = course.run.engine().usage_of({0, 1})->memory; });
    course.run.engine().at(Instant(2100ms), [&] { after = course.run.engine().usage_of({0, 1})->memory; });
    REQUIRE(course.run.finish());
    CHECK(before == 200_MiB);
    CHECK(after == 800_MiB);
}

// The limit stands at 1 GiB where nothing grows; the curve passes it when 3 of 8 s are over.
TEST_CASE("an attempt ends where its recorded curve passes its limit") {
    const Curve curve{
        .segments = {{.until = 3s, .memory = 100_MiB, .cpu = {}}, {.until = 8s, .memory = 2_GiB, .cpu = {}}},
        .peak = 2_GiB};
    const Drawing drawing = draw("a", one_core).value();
    const auto forecaster = forecast::make_forecaster("request");
    SimulatedRun run({.nodes = two_nodes(),
                      .truth = [&](const std::string&,
                                   int) { return Behaviour{.runtime = 8s, .memory_peak = 2_GiB, .curve = &curve}; },
                      .shape = loop::ShapeMode::off,
                      .store = {}},
                     *forecaster);
    workflow::FixedSource source(drawing.tasks);
    run.loop().add(source);
    REQUIRE(run.finish());
    const auto& first = run.engine().stretches().front();
    CHECK(seconds(first.until - first.from) == doctest::Approx(3).epsilon(0.001));
}
