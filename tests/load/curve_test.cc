// SPDX-License-Identifier: Apache-2.0
#include "curve.h"

#include <doctest/doctest.h>

#include "plimsoll/base/units.h"

using namespace plimsoll;
using namespace plimsoll::load;
using namespace std::chrono_literals;

namespace {

Curve memory(std::string_view text) { return parse_memory_curve(text).value(); }
double mib(double count) { return count * 1024 * 1024; }

}  // namespace

TEST_CASE("between two points the amount is linear, outside of them it stays") {
    const Curve curve = memory("1s:10MiB 3s:30MiB");
    CHECK(amount_at(curve, 0s) == mib(10));
    CHECK(amount_at(curve, 2s) == mib(20));
    CHECK(amount_at(curve, 3s) == mib(30));
    CHECK(amount_at(curve, 9s) == mib(30));
    CHECK(end_of(curve) == 3s);
}

TEST_CASE("two points that share a time are a step") {
    const Curve curve = memory("0s:10MiB 2s:10MiB 2s:50MiB 4s:50MiB");
    CHECK(amount_at(curve, 2s - 1ns) == doctest::Approx(mib(10)));
    CHECK(amount_at(curve, 2s) == mib(50));
}

TEST_CASE("without points there is nothing to hold") {
    CHECK(amount_at({}, 1s) == 0);
    CHECK(end_of({}) == 0s);
}

TEST_CASE("a peak between two looks is held, and both sides of a step") {
    const Curve curve = memory("0s:0 1s:8MiB 1s:2MiB 2s:2MiB");
    CHECK(amounts_between(curve, 900ms, 1100ms) == std::vector{mib(8), mib(2)});
    CHECK(amounts_between(curve, 1s, 1500ms) == std::vector{mib(2)});
}

TEST_CASE("looks one after another hold each point once") {
    const Curve curve = memory("0s:0 1s:8MiB 1s:2MiB 2s:6MiB");
    std::vector<double> held;
    for (Duration look = -100ms; look < 2s; look += 700ms)
        for (const double amount : amounts_between(curve, look, std::min<Duration>(look + 700ms, 2s)))
            held.push_back(amount / mib(1));
    CHECK(held == std::vector{0.0, 4.8, 8.0, 2.0, 3.2, 6.0});
}

TEST_CASE("cores are read as workflow files write them") {
    CHECK(parse_core_curve("0s:1 3s:200m").value() == Curve{{0s, 1.0}, {3s, 0.2}});
}

TEST_CASE("a curve that cannot be read says what to write") {
    CHECK(parse_memory_curve("").error().message == "a curve has at least one point, as in 0s:200MiB");
    CHECK(parse_memory_curve("0s:1MiB 2s").error().message == "'2s' is no point; write TIME:AMOUNT, as in 2s:200MiB");
    CHECK(parse_memory_curve("2s:1MiB 1s:2MiB").error().message ==
          "'1s:2MiB' lies before the point in front of it; order the points by time");
    CHECK_FALSE(parse_memory_curve("1s:2gigs").has_value());
    CHECK_FALSE(parse_core_curve("soon:2").has_value());
}
