// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/forecast/peak_model.h"

#include <doctest/doctest.h>

#include "plimsoll/base/random.h"

using namespace plimsoll;
using namespace plimsoll::forecast;
using doctest::Approx;

namespace {

PeakModel taught(std::initializer_list<Instance> instances) {
    PeakModel model;
    for (const Instance& instance : instances) model.learn(instance);
    return model;
}

}  // namespace

// 10 held for a peak of 35: 10 and 20 fail, 40 is enough. Over 2 s: 5 x 2 left over, (10 + 20) x 2 lost.
TEST_CASE("a replayed attempt doubles until it is enough, and failed attempts count wholly") {
    CHECK(cost_of(10, 35, 2, 1).wasted == Approx(5 * 2 + 30 * 2));
    CHECK(cost_of(10, 35, 2, 0.5).wasted == Approx(5 * 2 + 30 * 1));
    CHECK(cost_of(10, 35, 2, 1).failed);
    CHECK(cost_of(10, 10, 2, 1).wasted == 0);
    CHECK_FALSE(cost_of(10, 10, 2, 1).failed);
    CHECK(cost_of(10, 40, 1, 1).wasted == Approx(30));
    CHECK(cost_of(10, 40.001, 1, 1).wasted == Approx(80 - 40.001 + 70));
}

TEST_CASE("the factors are fine near 1 and end below 8") {
    REQUIRE(cost_factors().size() == 120 + 20 + 14 + 10);
    CHECK(cost_factors().front() == Approx(0.6));
    CHECK(cost_factors()[80] == Approx(1.0));
    CHECK(cost_factors().back() == Approx(7.5));
}

// One instance of 100: the pseudo-instances at 100, 108 and 130 (weights .6, .25, .15) decide alone.
// Factor 1 fails two of them: .25 (200 - 108 + 100) + .15 (200 - 130 + 100) = 73.5; 1.08 fails one:
// .6 x 8 + .15 (216 - 130 + 108) = 33.9; 1.3 fails none: .6 x 30 + .25 x 22 = 23.5, the least.
TEST_CASE("a single instance is held with room for what was not seen") {
    const PeakModel model = taught({{.x = 5, .y = 100, .runtime_s = 1}});
    CHECK(model.choose(5, 0).bound == Approx(130).epsilon(0.001));
    CHECK(model.choose(5, 0).predictor == Predictor::median);
}

TEST_CASE("peaks on a line are held by the line") {
    PeakModel model;
    for (int i = 1; i <= 30; ++i) model.learn({.x = i * 1e9, .y = 100.0 + 50 * i, .runtime_s = 1});
    const PeakModel::Choice choice = model.choose(40e9, 0);
    CHECK(choice.predictor == Predictor::line);
    CHECK(choice.word == Approx(2100));
    CHECK(choice.factor < 1.2);
    // Extrapolated to nothing, the line stays at 0.8 of the smallest peak.
    CHECK(model.choose(-100e9, 0).word == Approx(0.8 * 150));
}

TEST_CASE("a heavier weight on failures holds more, never less") {
    Rng rng(7);
    PeakModel model;
    for (int i = 0; i < 100; ++i)
        model.learn({.x = rng.uniform() * 1e9, .y = 1e9 * (1 + rng.uniform() * rng.uniform()), .runtime_s = 1});
    double before = 0;
    for (const double weight : {0.0, 1.0, 3.0, 10.0, 100.0}) {
        const double bound = model.choose(5e8, weight).factor * model.window().median();
        CHECK(bound >= before * 0.999);
        before = model.choose(5e8, weight).predictor == Predictor::median ? bound : before;
    }
}

TEST_CASE("after a failure the largest peak seen is tried if it is a likely reason, else the double") {
    const PeakModel model = taught({{1, 100, 1}, {1, 200, 1}});
    CHECK(model.retry(100, 1) == Approx(210));
    CHECK(model.retry(100, 2) == Approx(200));  // it was tried
    CHECK(model.retry(190, 1) == Approx(380));  // 200 is hardly more than what failed
    CHECK(model.retry(50, 1) == Approx(100));   // 200 is far more
}

// The sums that come and go against sums over the instances that remain: the last 400.
TEST_CASE("what has left the window has left no trace") {
    Rng rng(11);
    PeakModel sliding;
    std::vector<Instance> all;
    for (int i = 0; i < 1300; ++i) {
        // Before the last 800 another world: no predictor's word of the last 400 knows of it.
        const double scale = i < 500 ? 1000 : 1;
        all.push_back({.x = rng.uniform(), .y = scale * (1 + rng.uniform()), .runtime_s = 0.5 + rng.uniform()});
        sliding.learn(all.back());
    }
    PeakModel fresh;
    for (std::size_t i = 500; i < all.size(); ++i) fresh.learn(all[i]);
    CHECK(sliding.choose(0.5, 1).bound == Approx(fresh.choose(0.5, 1).bound).epsilon(1e-9));
    CHECK(sliding.choose(0.5, 1).predictor == fresh.choose(0.5, 1).predictor);
}

TEST_CASE("of equally near instances the older count") {
    Window window(400);
    for (const double y : {1.0, 2.0, 3.0, 9.0}) window.add({.x = 5, .y = y, .runtime_s = 1});
    CHECK(window.largest_of_nearest(5, 3) == 3);
    window.add({.x = 7, .y = 20, .runtime_s = 1});
    CHECK(window.largest_of_nearest(6.9, 1) == 20);
    CHECK(window.line().slope != 0);
}

TEST_CASE("inputs that do not vary give no slope, however large they are") {
    Window window(400);
    for (int i = 0; i < 50; ++i) window.add({.x = 123456789.123, .y = static_cast<double>(i), .runtime_s = 1});
    CHECK(window.line().slope == 0);
    CHECK(window.line().at(5) == Approx(24.5));
}
