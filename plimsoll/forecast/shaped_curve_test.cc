// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/forecast/shaped_curve.h"

#include <doctest/doctest.h>

#include "plimsoll/forecast/learning_for_test.h"

using namespace plimsoll;
using namespace plimsoll::forecast;
using namespace std::chrono_literals;
using doctest::Approx;

// 5 to warm up, and of n ratios at most n / (n + 1) can be promised: 19 for 95 %.
TEST_CASE("a bound is promised with its probability once there are instances enough, apart from what is reserved") {
    const auto forecaster = learner();
    for (int i = 0; i < 23; ++i) forecaster->learn(ran(align, 10_MiB + 1_KiB * i, 500_MiB + 1_MiB * (i % 7)));
    CHECK_FALSE(forecaster->forecast(align, input(11_MiB), terms(400_MiB)).memory_promised);
    forecaster->learn(ran(align, 10_MiB, 507_MiB));
    const Forecast forecast = forecaster->forecast(align, input(11_MiB), terms(400_MiB));
    REQUIRE(forecast.memory_promised);
    CHECK(forecast.memory_promised->stated == 0.95);
    CHECK(forecast.memory_promised->bound >= 500 << 20);
    CHECK(forecast.memory_promised->bound <= 520 << 20);
    CHECK(forecast.memory_promised->measured);
    CHECK(bound(forecast) == 400_MiB);
    CHECK_FALSE(forecast.memory.stated);  // what is reserved promises nothing

    forecaster->learn(killed(12_MiB, 600_MiB));
    CHECK_FALSE(forecaster->forecast(align, input(12_MiB), terms()).memory_promised);
    CHECK(forecaster->forecast(align, input(11_MiB), terms()).memory_promised);
}

// 200 MiB for 6 s of 10, then 800 MiB. Three alike: widened by 0.3 / 3 of 10 s, with 0.1 / 3 of room.
TEST_CASE("memory over time follows past runs, reaches the bound, and gives nothing where little would be saved") {
    const auto forecaster = learner();
    const TaskKind flat{.workflow = "variants", .step = "flat", .tool = "samtools sort"};
    for (int run = 0; run < 3; ++run) {
        CHECK(forecaster->forecast(align, input(10_MiB), terms()).curve.empty());
        Observation seen = ran(align, 10_MiB, 800_MiB);
        seen.profile.segments = {{.until = 6s, .memory = 200_MiB, .cpu = 0.5_cores},
                                 {.until = 10s, .memory = 800_MiB, .cpu = 1.75_cores}};
        forecaster->learn(seen);
        seen.kind = flat;
        seen.profile.segments[0].memory = 780_MiB;
        forecaster->learn(seen);
    }
    Terms live = terms();
    live.memory_headroom = live_headroom;
    const Forecast forecast = forecaster->forecast(align, input(10_MiB), live);
    REQUIRE(forecast.curve.size() == 2);
    CHECK(forecast.curve[0].until <= 5s);
    CHECK(forecast.curve[0].until >= 4680ms);
    // 200 MiB in bytes is less than a quarter of 880 MiB; rounded up.
    CHECK(forecast.curve[0].memory == 207_MiB + live_headroom);
    CHECK(forecast.curve[0].cpu.count == Approx(forecast.cpu.bound / 2));
    CHECK(forecast.curve[1].until == 10s);
    CHECK(forecast.curve[1].memory == bound(forecast));
    CHECK(forecast.curve[1].cpu.count == forecast.cpu.bound);
    CHECK(forecaster->forecast(flat, input(10_MiB), live).curve.empty());

    // A request in the way cuts what is above it and leaves the low phase what it needs.
    const Forecast capped = forecaster->forecast(align, input(10_MiB), terms(400_MiB));
    REQUIRE(capped.curve.size() == 2);
    CHECK(capped.curve[0].memory == 207_MiB);
    CHECK(capped.curve[1].memory == 400_MiB);
    CHECK(forecaster->forecast(align, input(10_MiB, "there"), terms()).curve.empty());
}

// After 80 s of 100: 5 % before that is 76 s.
TEST_CASE("after a failure the curve is what it was until a little before, and higher from there on") {
    const std::vector<Segment> curve = {{.until = 50s, .memory = 1_GiB, .cpu = 1_cores},
                                        {.until = 90s, .memory = 2_GiB, .cpu = 2_cores},
                                        {.until = 100s, .memory = 6_GiB, .cpu = 2_cores}};
    const std::vector<Segment> expected = {{.until = 50s, .memory = 1_GiB, .cpu = 1_cores},
                                           {.until = 76s, .memory = 2_GiB, .cpu = 2_cores},
                                           {.until = 90s, .memory = 4_GiB, .cpu = 2_cores},
                                           {.until = 100s, .memory = 6_GiB, .cpu = 2_cores}};
    CHECK(raised_curve(curve, 80s, 4_GiB) == expected);
    // Longer than was expected.
    const std::vector<Segment> late = raised_curve(curve, 200s, 8_GiB);
    REQUIRE(late.size() == 4);
    CHECK(late[2].until == 190s);
    CHECK(late[2].memory == 6_GiB);
    CHECK(late[3].memory == 8_GiB);
    CHECK(raised_curve({}, 80s, 4_GiB).empty());
}
