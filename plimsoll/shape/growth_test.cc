// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/shape/growth.h"

#include <doctest/doctest.h>

using namespace plimsoll;
using namespace plimsoll::shape;

namespace {

struct Ramp {
    Bytes from{}, to{};
    Duration length{};
};

struct Course {
    Bytes held{};
    int steps = 0;
    Bytes most_short{};  ///< the most by which use was above what was held when it was looked at
};

/// Looks at a use that rises in a straight line ten times a second and grows what is held.
Course follow(const Ramp& ramp, Bytes held) {
    Course course{.held = held};
    const Duration period = std::chrono::milliseconds(100);
    const double rise = static_cast<double>((ramp.to - ramp.from).count) / seconds(ramp.length);
    for (Duration at{}; at <= ramp.length; at += period) {
        const Bytes now = ramp.from + (ramp.to - ramp.from) * (seconds(at) / seconds(ramp.length));
        course.most_short = std::max(course.most_short, now - course.held);
        if (const auto more = wanted(course.held, {.now = now, .rise_per_s = rise})) {
            course.held = *more;
            ++course.steps;
        }
    }
    return course;
}

}  // namespace

TEST_CASE("an attempt that uses no more than it holds is left alone, however near it is and however steeply it rises") {
    CHECK_FALSE(wanted(1_GiB, {.now = 1_GiB, .rise_per_s = 1e9}));
    CHECK(wanted(1_GiB, {.now = 1_GiB + 1_MiB}));
}

TEST_CASE("what is wanted is beyond use by a share of it, by the rise ahead, and by no more than half of it") {
    CHECK(*wanted(90_MiB, {.now = 100_MiB}) == 115_MiB);
    CHECK(*wanted(90_MiB, {.now = 100_MiB, .rise_per_s = 100.0 * (1 << 20)}) == 120_MiB);
    CHECK(*wanted(90_MiB, {.now = 100_MiB, .rise_per_s = 10e9}) == 150_MiB);
    CHECK(*wanted(9_MiB, {.now = 10_MiB}) == 14_MiB);
}

// From 60 % of the peak, by 15 % each: 1.15^4 > 1 / 0.6. A rise of 512 MiB a second brings 52 MiB between looks.
TEST_CASE("a forecast 40 percent too low is made good in a few steps, and by little more") {
    const Course slow = follow({.from = {}, .to = 1_GiB, .length = std::chrono::seconds(20)}, 614_MiB);
    CHECK(slow.steps <= 4);
    CHECK(slow.most_short <= 6_MiB);
    CHECK(slow.held <= 1_GiB * 1.15 + 1_MiB);
    const Course fast = follow({.from = {}, .to = 1_GiB, .length = std::chrono::seconds(2)}, 614_MiB);
    CHECK(fast.steps <= 4);
    CHECK(fast.most_short <= 52_MiB);
    CHECK(fast.held <= 1_GiB * 1.15 + 1_MiB);
}

TEST_CASE("how far it is grown, and when it gives back, is told by its kind's rule") {
    const GrowthPolicy policy{.rule = {.step = 0.05, .patience = 0.1}};
    CHECK(*wanted(90_MiB, {.now = 100_MiB}, policy) == 105_MiB);
    CHECK(patience(std::chrono::seconds(100), policy) == std::chrono::seconds(10));
    CHECK(patience(std::chrono::seconds(5), policy) == policy.settled);
}

TEST_CASE("what is given back leaves room above what was used lately, and what was planned") {
    const GrowthPolicy policy;
    CHECK(*enough(1_GiB, 100_MiB, 400_MiB, policy) == 468_MiB);
    CHECK(*enough(1_GiB, 700_MiB, 400_MiB, policy) == 700_MiB);
    CHECK_FALSE(enough(1_GiB, 100_MiB, 900_MiB, policy));
}

TEST_CASE("the hard limit stands above what is held by half of what is free") {
    CHECK(hard_limit(1_GiB, 8_GiB, 16_GiB) == 5_GiB);
}

TEST_CASE("where nothing is free it stands as far above what is held by a small task as by a large one") {
    CHECK(hard_limit(8_GiB, Bytes{}, 16_GiB) == 8_GiB + 256_MiB);
    CHECK(hard_limit(30_MiB, Bytes{}, 16_GiB) == 30_MiB + 256_MiB);
    CHECK(hard_limit(30_MiB, Bytes{}, 4_GiB) == 30_MiB + 256_MiB);
}

TEST_CASE("on a small machine it stands above by a sixteenth of that, or by a quarter of what is held") {
    CHECK(hard_limit(30_MiB, Bytes{}, 1_GiB) == 94_MiB);
    CHECK(hard_limit(400_MiB, Bytes{}, 1_GiB) == 500_MiB);
}
