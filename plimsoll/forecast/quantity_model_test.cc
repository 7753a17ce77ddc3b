// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/forecast/quantity_model.h"

#include <doctest/doctest.h>

#include <cmath>

#include "plimsoll/base/random.h"
#include "plimsoll/forecast/at_least.h"

using namespace plimsoll;
using namespace plimsoll::forecast;
using doctest::Approx;

TEST_CASE("a runtime that grows with the input is told by the line") {
    QuantityModel model({.probability = 0.95, .by_input = true});
    for (int i = 1; i <= 20; ++i) model.learn(i, 3.0 * i);
    CHECK(model.estimate(40).p50 == Approx(120));
    CHECK(model.estimate(40).bound >= 120);
}

// With n ratios the highest probability that can be kept is n / (n + 1): 19 ratios for 95 %, so 20 instances.
TEST_CASE("no probability is promised before there are instances enough") {
    QuantityModel model({.probability = 0.95, .by_input = false});
    for (int i = 0; i < 19; ++i) model.learn(0, 10 + i % 3);
    CHECK_FALSE(model.estimate(0).stated);
    model.learn(0, 11);
    CHECK(model.estimate(0).stated == 0.95);
    CHECK(model.estimate(0).measured);
}

TEST_CASE("a single instance is held with half as much again") {
    QuantityModel model({.probability = 0.95, .by_input = true});
    model.learn(1, 10);
    CHECK(model.estimate(1).p50 == 10);
    CHECK(model.estimate(1).bound == 15);
    CHECK_FALSE(model.estimate(1).measured);
}

// 2,000 lognormal runtimes, stated 95 %: the measured share is 0.95 +- 4 sqrt(.95 x .05 / 400) = .044 over the
// last 400, and the replayed share equals what a witness counts.
TEST_CASE("the stated probability holds in causal order") {
    Rng rng(3);
    QuantityModel model({.probability = 0.95, .by_input = true});
    int held = 0;
    for (int i = 0; i < 2000; ++i) {
        const double y = std::exp(rng.normal() * 0.5);
        if (i >= 1600) held += model.estimate(1).bound >= y;
        model.learn(1, y);
    }
    CHECK(held / 400.0 == Approx(0.95).epsilon(0.046));
    CHECK(model.estimate(1).measured == held / 400.0);
}

TEST_CASE("a stopped attempt is a floor for the same or larger inputs until one of those has finished") {
    AtLeast stops;
    stops.stopped(10, 4096);
    CHECK_FALSE(stops.floor(9));
    CHECK(stops.floor(10) == 4096);
    CHECK(stops.floor(50) == 4096);
    stops.finished(9);
    CHECK(stops.floor(10) == 4096);
    stops.finished(12);
    CHECK_FALSE(stops.floor(50));
}
