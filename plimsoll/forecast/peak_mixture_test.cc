// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/forecast/peak_mixture.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "plimsoll/base/random.h"
#include "plimsoll/forecast/peak_model.h"

using namespace plimsoll;
using namespace plimsoll::forecast;
using doctest::Approx;

namespace {

CheapestAttempt cheapest(const std::vector<LikelyPeak>& ascending, double largest_seen, double time_to_failure) {
    return cheapest_attempt(ascending, largest_seen, time_to_failure);
}

/// What holding so much at first is expected to cost, each peak followed to the end of its own attempts.
double expected_cost(double first, const std::vector<LikelyPeak>& peaks, double largest_seen, double time_to_failure) {
    double cost = 0, weights = 0;
    for (const LikelyPeak& one : peaks) {
        double held = first;
        for (int failed = 1; held < one.peak; held = next_attempt(held, largest_seen, failed++))
            cost += one.weight * held * time_to_failure;
        cost += one.weight * (held - one.peak) + (first < one.peak ? one.penalty : 0);
        weights += one.weight;
    }
    return cost / weights;
}

}  // namespace

// Peaks of 100 or of 200, over a second each. Held at 100: half of them fail and lose 100, then 135, and get 270, 70
// too much: 152 on average. Held at 200: 100 too much, half the time: 50.
TEST_CASE("the cheapest first attempt weighs what is left over against what fails") {
    const CheapestAttempt even = cheapest({{100, 0.5, 0}, {200, 0.5, 0}}, 0, 1);
    CHECK(even.bound == Approx(200).epsilon(0.002));
    CHECK(even.cost == Approx(50).epsilon(0.01));
    // One in ten is 200: 30.5 against 90.
    const CheapestAttempt rare = cheapest({{100, 0.9, 0}, {200, 0.1, 0}}, 0, 1);
    CHECK(rare.bound == Approx(100).epsilon(0.002));
    CHECK(rare.cost == Approx(30.5).epsilon(0.01));
    // A failure may cost something beside.
    CHECK(cheapest({{100, 0.9, 50}, {200, 0.1, 100}}, 0, 1).bound == Approx(200).epsilon(0.002));
}

// The retry goes just above the largest seen, 180. Held at 100: 0.5 x (100 or, failing early, 10, and 5) = 52 or 8.
// Held at 180: 0.5 x 80 = 40.
TEST_CASE("an attempt that fails early costs less, so that more may fail") {
    CHECK(cheapest({{100, 0.5, 0}, {180, 0.5, 0}}, 180, 1).bound == Approx(180).epsilon(0.002));
    CHECK(cheapest({{100, 0.5, 0}, {180, 0.5, 0}}, 180, 0.1).bound == Approx(100).epsilon(0.002));
}

// Peaks over a factor of 20, so that retries go through the largest seen, a third more, and doubles.
TEST_CASE("no other of the heavier half of the peaks is cheaper to hold at first") {
    for (std::uint64_t seed = 1; seed <= 50; ++seed) {
        CAPTURE(seed);
        Rng rng(seed);
        std::vector<LikelyPeak> peaks(static_cast<std::size_t>(rng.between(1, 100)));
        for (LikelyPeak& one : peaks)
            one = {.peak = 1e9 * std::exp(3 * rng.uniform()), .weight = 0.1 + rng.uniform(), .penalty = 0};
        for (LikelyPeak& one : peaks) one.penalty = 0.3 * one.weight * one.peak;
        std::ranges::sort(peaks, {}, &LikelyPeak::peak);
        const double largest_seen = 15e9 * rng.uniform(), time_to_failure = rng.uniform();
        const CheapestAttempt found = cheapest_attempt(peaks, largest_seen, time_to_failure);
        CHECK(found.cost == Approx(expected_cost(found.bound, peaks, largest_seen, time_to_failure)));
        double heavier = 0, all = 0;
        for (const LikelyPeak& one : peaks) all += one.weight;
        for (auto one = peaks.rbegin(); one != peaks.rend() && 2 * heavier < all; heavier += one++->weight)
            CHECK(found.cost <= 1.000001 * expected_cost(1.001 * one->peak, peaks, largest_seen, time_to_failure));
    }
}

// Small inputs need 1 GB to the megabyte, large ones anything from 2 to 4 GB: one factor for both would hold too
// much of the former or too little of the latter.
TEST_CASE("inputs at which peaks are steady are held tightly, others with room") {
    for (const std::uint64_t seed : {1, 2, 3}) {
        CAPTURE(seed);
        Rng rng(seed);
        PeakModel model;
        for (int i = 0; i < 120; ++i) {
            const bool small = rng.uniform() < 0.5;
            model.learn({.x = small ? 1e9 : 100e9,
                         .y = small ? 1e9 + 1e6 * rng.uniform() : 2e9 * (1 + rng.uniform()),
                         .runtime_s = 1000});
        }
        CHECK(model.choose(1e9, 1).bound >= 1e9);
        CHECK(model.choose(1e9, 1).bound <= 1.05e9);
        CHECK(model.choose(100e9, 1).bound >= 3.4e9);
    }
}

// Peaks of 1 GB; one in ten of 3 GB are outliers, but 6 in a row are a change.
TEST_CASE("several in a row beyond nearly all before them make the others forgotten, single ones do not") {
    const Words said{1e9, 1e9, 1e9, 1e9, 1e9};
    Rng rng(1);
    PeakMixture mixture;
    const auto add = [&](double peak) { mixture.add(said, {.x = 1e9, .y = peak, .runtime_s = 100}); };
    for (int i = 0; i < 40; ++i) add(i % 10 == 4 ? 3e9 : 1e9 + 1e7 * rng.uniform());
    CHECK(mixture.size() == 40);
    for (int i = 0; i < 5; ++i) add(3.1e9 + 1e6 * i);
    CHECK(mixture.size() == 45);
    add(3.2e9);
    CHECK(mixture.size() == 6);
    for (int i = 0; i < 20; ++i) add(3.1e9 + 1e7 * rng.uniform());
    CHECK(mixture.size() == 26);
    for (int i = 0; i < 6; ++i) add(1e9);
    CHECK(mixture.size() == 6);
}

TEST_CASE("what is learnt stays bounded, and the oldest goes first") {
    const Words said{1e9, 1e9, 1e9, 1e9, 1e9};
    Rng rng(1);
    PeakMixture mixture;
    for (int i = 0; i < 1000; ++i) mixture.add(said, {.x = 1e9, .y = 1e9 * (1 + rng.uniform()), .runtime_s = 100});
    CHECK(mixture.size() <= 100);
}
