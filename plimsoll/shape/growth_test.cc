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

TEST_CASE("an attempt that stays below its mark is left alone") {
    CHECK_FALSE(wanted(1_GiB, {.now = 800_MiB}));
    CHECK_FALSE(wanted(1_GiB, {.now = 990_MiB}));
    CHECK(wanted(1_GiB, {.now = 994_MiB}));
}

TEST_CASE("what is wanted is beyond use by a share of it, by the rise ahead, and by no more than half of it") {
    CHECK(*wanted(100_MiB, {.now = 100_MiB}) == 115_MiB);
    CHECK(*wanted(100_MiB, {.now = 100_MiB, .rise_per_s = 100.0 * (1 << 20)}) == 120_MiB);
    CHECK(*wanted(100_MiB, {.now = 100_MiB, .rise_per_s = 10e9}) == 150_MiB);
}

TEST_CASE("a steep rise is met before it comes near") { CHECK(wanted(1_GiB, {.now = 900_MiB, .rise_per_s = 2e9})); }

// From 60 % of the peak: from 0.87 of what is held to 0.97 use rises by an eighth, and 1.115^5 > 1 / 0.6.
TEST_CASE("a forecast 40 percent too low is made good in a few steps, ahead of use, and by little more") {
    const Course slow = follow({.from = {}, .to = 1_GiB, .length = std::chrono::seconds(20)}, 614_MiB);
    CHECK(slow.steps <= 5);
    CHECK(slow.most_short <= Bytes{});
    CHECK(slow.held <= 1_GiB * 1.25);
    const Course fast = follow({.from = {}, .to = 1_GiB, .length = std::chrono::seconds(2)}, 614_MiB);
    CHECK(fast.steps <= 5);
    CHECK(fast.most_short <= Bytes{});
    CHECK(fast.held <= 1_GiB * 1.3);
}

TEST_CASE("small attempts are grown by whole MiB and looked at a few MiB before they are full") {
    CHECK(notice_mark(32_MiB) == 30_MiB);
    CHECK(*wanted(32_MiB, {.now = 30_MiB}) == 35_MiB);
    CHECK(notice_mark(2_MiB) == Bytes{});
}

TEST_CASE("an attempt runs on until what it holds is nearly full, sooner where it rises steeply") {
    CHECK(may_run_on(1_GiB, {.now = 1000_MiB}));
    CHECK_FALSE(may_run_on(1_GiB, {.now = 1015_MiB}));
    CHECK_FALSE(may_run_on(1_GiB, {.now = 1000_MiB, .rise_per_s = 1e9}));
}

TEST_CASE("the hard limit stands above what is held, by half of what is free or a quarter of what is held") {
    CHECK(hard_limit(1_GiB, 8_GiB) == 5_GiB);
    CHECK(hard_limit(400_MiB, Bytes{}) == 500_MiB);
    CHECK(hard_limit(8_GiB, Bytes{}) == 8_GiB + 256_MiB);
}
