// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/view/eta.h"

#include <doctest/doctest.h>

#include "plimsoll/view/page.h"

using namespace plimsoll;
using namespace plimsoll::view;
using namespace std::chrono_literals;

namespace {

Forecast takes(double p50, double bound, Provenance source = Provenance::kind) {
    Forecast forecast;
    forecast.source = source;
    forecast.samples = 20;
    forecast.runtime = {.p50 = p50, .bound = bound, .stated = {}, .measured = {}};
    return forecast;
}

/// So many tasks of exactly so many seconds.
StepWork work(const char* name, std::size_t open, double each_s, double side_by_side) {
    return {.step = name, .open = open, .runtime = Runtime{each_s, 0}, .samples = 20, .side_by_side = side_by_side};
}

}  // namespace

// 100 tasks of 10 s, two at a time: 500 s of work. Greedy schedules leave at most half of the last task's time idle.
TEST_CASE("a scatter takes its work, and at most the idle end of its last task more") {
    const Eta eta = time_left(std::vector{work("a", 100, 10, 2)});
    CHECK(seconds(*eta.least) == doctest::Approx(500));
    CHECK(seconds(*eta.most) == doctest::Approx(505));
    CHECK(eta.unknown.empty());
}

// Three steps of one task each, one after the other: nothing can be shared, 30 s however large the machine is.
TEST_CASE("a chain takes the sum of its tasks, however many would fit side by side") {
    std::vector<StepWork> steps = {work("a", 1, 10, 8), work("b", 1, 10, 8), work("c", 1, 10, 8)};
    steps[1].needs = {0};
    steps[2].needs = {1};
    const Eta eta = time_left(steps);
    CHECK(seconds(*eta.least) == doctest::Approx(30));
    CHECK(seconds(*eta.most) == doctest::Approx(30));
}

TEST_CASE("what runs counts with what is left of it") {
    StepWork step = work("a", 0, 10, 2);
    step.running = {left_of({10, 0}, 4)};
    CHECK(seconds(*time_left(std::vector{step}).least) == doctest::Approx(6));
    // It has had 100 s where 10 were expected: it may need 15 more, or any time.
    CHECK(left_of({10, 0}, 100).mean == doctest::Approx(15));
    CHECK(left_of({10, 0}, 100).deviation == doctest::Approx(15));
}

// The mean of a hundred tasks is known as well as the mean of the twenty past runs: sd 3 s / sqrt(20) each, times 100
// tasks, two at a time: 34 s; beside it 3 s x sqrt(100) / 2 = 15 s. Together 37 s, times 1.28: 47 s.
TEST_CASE("runtimes that vary make the interval wide, and more so where few past runs tell of them") {
    StepWork step = work("a", 100, 10, 2);
    step.runtime->deviation = 3;
    const Eta eta = time_left(std::vector{step});
    CHECK(seconds(*eta.least) == doctest::Approx(500 - 47).epsilon(0.01));
    step.samples = 1;
    CHECK(*time_left(std::vector{step}).most > *eta.most);
}

TEST_CASE("what nobody knows has no upper end, and the step is named") {
    std::vector<StepWork> steps = {work("align", 4, 10, 2), work("call", 1, 1, 1)};
    steps[1].runtime.reset();
    const Eta eta = time_left(steps);
    CHECK(seconds(*eta.least) == doctest::Approx(20));
    CHECK(!eta.most);
    CHECK(eta.unknown == "no past run tells how long call takes");
    steps[0].runtime.reset();
    CHECK(time_left(steps).unknown == "no past run tells how long align, call take");
}

TEST_CASE("a request is a limit and no forecast, and what others took says nothing") {
    CHECK(runtime_of(takes(10, 15)));
    CHECK(!runtime_of(takes(10, 15, Provenance::request)));
    CHECK(!runtime_of(takes(10, 15, Provenance::tool)));
    CHECK(!runtime_of(takes(10, 15, Provenance::all)));
    CHECK(!runtime_of(takes(0, 0)));
    // ln(15 / 10) / 1.645 = 0.246: the mean of the log-normal is 10 x exp(0.246^2 / 2) = 10.3, its deviation 2.58.
    CHECK(runtime_of(takes(10, 15))->mean == doctest::Approx(10.3).epsilon(0.01));
    CHECK(runtime_of(takes(10, 15))->deviation == doctest::Approx(2.58).epsilon(0.01));
}

TEST_CASE("nothing left takes no time") {
    const Eta eta = time_left({});
    CHECK(*eta.least == 0s);
    CHECK(*eta.most == 0s);
}

TEST_CASE("an interval is told in round figures: down below, up above") {
    CHECK(told(Eta{1234s, 1890s, ""}) == "20m - 32m left");
    CHECK(told(Eta{62s, 118s, ""}) == "1m - 2m left");
    CHECK(told(Eta{0s, 3s, ""}) == "less than 5 s left");
    CHECK(told(Eta{60s, 60s, ""}) == "about 1m left");
    CHECK(told(Eta{130s, {}, "x"}) == "more than 2m 10s left");
    CHECK(told(Eta{0s, {}, "x"}) == "time left unknown");
    CHECK(told(Eta{}).empty());
}
