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

// Every kind is a world of its own: learn n instances, then ask for one more. The share of kinds whose bound held
// is binomial: below the stated probability by 4 sqrt(p (1 - p) / kinds) once in 30,000. n is as small as a promise
// allows, with the warm-up and some more.
TEST_CASE("on exchangeable instances every stated probability holds") {
    constexpr std::uint64_t seed = 17;
    CAPTURE(seed);
    Rng rng(seed);
    for (const double probability : {0.8, 0.9, 0.95, 0.99}) {
        CAPTURE(probability);
        const int instances = 10 + static_cast<int>(std::lround(1 / (1 - probability)));
        const int kinds = probability > 0.98 ? 200 : 500;
        int held = 0;
        for (int kind = 0; kind < kinds; ++kind) {
            QuantityModel model({.probability = probability, .by_input = true, .warm_up = 5});
            const auto next = [&rng](double x) { return (1 + 3 * x) * std::exp(0.4 * rng.normal()); };
            for (int at = 0; at < instances; ++at) {
                const double x = rng.uniform();
                model.learn(x, next(x));
            }
            const double x = rng.uniform();
            const Estimate estimate = model.estimate(x);
            REQUIRE(estimate.stated == probability);
            held += estimate.bound >= next(x);
        }
        const double margin = 4 * std::sqrt(probability * (1 - probability) / kinds);
        CHECK(static_cast<double>(held) / kinds >= probability - margin);
    }
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
