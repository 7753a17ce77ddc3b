// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/profile/curve.h"

#include <doctest/doctest.h>

using namespace plimsoll;
using namespace plimsoll::profile;
using namespace std::chrono_literals;

namespace {

Curve curve_of(int count, auto memory_at, auto cpu_at) {
    Curve curve;
    for (int at = 0; at < count; ++at) curve.add({.until = (at + 1) * 1s, .memory = memory_at(at), .cpu = cpu_at(at)});
    return curve;
}

Bytes memory_at(const Curve& curve, Duration when) {
    for (const Segment& segment : curve.segments())
        if (when <= segment.until) return segment.memory;
    return {};
}

}  // namespace

TEST_CASE("a curve with few steps keeps them exactly, however long it is") {
    const auto memory = [](int at) { return at < 500 ? 1_GiB : at < 800 ? 3_GiB : 2_GiB; };
    const Curve curve = curve_of(1000, memory, [](int) { return 1_cores; });
    REQUIRE(curve.segments().size() == Curve::most_kept);
    CHECK(curve.in_few_segments().size() == 3);
    CHECK(curve.end() == 1000s);
    for (int at = 0; at < 1000; ++at) CHECK(memory_at(curve, at * 1s + 500ms) == memory(at));
}

TEST_CASE("merging never says too little memory") {
    const auto memory = [](int at) { return Bytes{std::int64_t{at * 7919 % 1000} * 1'000'000}; };
    const Curve curve = curve_of(400, memory, [](int) { return Cores{}; });
    for (int at = 0; at < 400; ++at) CHECK(memory_at(curve, at * 1s + 500ms) >= memory(at));
}

// A ramp to n in 256 segments of equal length is at best n/256 above the ramp at each segment's beginning.
// Greedy merging online loses some of that, but not more than double.
TEST_CASE("a ramp is followed closely") {
    const auto memory = [](int at) { return Bytes{std::int64_t{at} * 1'000'000}; };
    const Curve curve = curve_of(3200, memory, [](int) { return 1_cores; });
    double above = 0;
    for (int at = 0; at < 3200; ++at)
        above += static_cast<double>((memory_at(curve, at * 1s + 500ms) - memory(at)).count);
    CHECK(above / 3200 <= 2 * 0.5 * 3200e6 / Curve::most_kept);
}
