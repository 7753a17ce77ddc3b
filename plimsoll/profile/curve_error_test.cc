// SPDX-License-Identifier: Apache-2.0
// How far what is stored of a series lies from the series itself: in area, and at single instants, on curves
// as tasks draw them and on random ones. The figures in docs/concepts/measuring.md are those printed here
// (profile_test -s -tc='*hours*').
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "plimsoll/base/random.h"
#include "plimsoll/model/segment_codec.h"
#include "plimsoll/profile/curve.h"

using namespace plimsoll;
using namespace plimsoll::profile;
using namespace std::chrono_literals;

namespace {

using Series = std::vector<double>;  // MiB, one a second

struct Shape {
    std::string name;
    double area_error_max;     ///< of the series' area
    double instant_error_max;  ///< of its peak
    std::function<double(int at, int count, Rng& rng)> memory;
};

double noise(Rng& rng) { return static_cast<double>(rng.between(-1000, 1000)) / 1000; }

/// What tasks do: load and stay, grow, work in phases, collect garbage, burst; and what none should.
std::vector<Shape> shapes() {
    double walk = 500, level = 100;
    return {
        {"ramp", 0.02, 0.03, [](int at, int count, Rng&) { return 1000.0 * at / count; }},
        {"load and stay", 0.02, 0.15,
         [](int at, int count, Rng& rng) { return std::min(1.0, 20.0 * at / count) * 1000 + noise(rng) * 2; }},
        {"logarithm", 0.02, 0.25, [](int at, int, Rng&) { return 100 * std::log1p(at); }},
        {"25 phases", 0.02, 0.05,
         [](int at, int count, Rng& rng) { return 100 + 36.0 * (at / (count / 25 + 1) * 7 % 25) + noise(rng) * 5; }},
        {"bursts", 0.05, 0.10, [](int at, int, Rng& rng) { return at % 600 < 40 ? 1000 : 200 + noise(rng) * 10; }},
        {"20 teeth", 0.15, 0.40,
         [](int at, int count, Rng&) { return 200 + 800.0 * (at % (count / 20)) / (count / 20); }},
        {"steps anywhere", 0.02, 0.30,
         [level](int, int count, Rng& rng) mutable {
             if (rng.between(0, count) < 40) level = static_cast<double>(rng.between(0, 1000));
             return level;
         }},
        {"random walk", 0.20, 0.40,
         [walk](int, int, Rng& rng) mutable { return walk = std::abs(walk + noise(rng) * 20); }},
        {"garbage collected", 0.30, 0.50, [](int at, int, Rng& rng) { return 500 + 10 * (at % 37) + noise(rng) * 3; }},
    };
}

Series series_of(const Shape& shape, int count, Rng& rng) {
    Series series;
    auto memory = shape.memory;
    for (int at = 0; at < count; ++at) series.push_back(std::round(std::max(1.0, memory(at, count, rng))));
    return series;
}

std::vector<Segment> stored(const Series& series, Rng& rng) {
    Curve curve;
    for (std::size_t at = 0; at < series.size(); ++at)
        curve.add({.until = std::chrono::seconds(at + 1),
                   .memory = Bytes{static_cast<std::int64_t>(series[at]) << 20},
                   .cpu = {0.95 + noise(rng) / 20}});
    return curve.in_few_segments();
}

struct Errors {
    double area = 0, instant = 0;
};

Errors errors_of(const Series& series, const std::vector<Segment>& segments) {
    double above = 0, area = 0, least = 0, worst = 0, peak = 0;
    std::size_t segment = 0;
    for (std::size_t at = 0; at < series.size(); ++at) {
        while (segments[segment].until < std::chrono::seconds(at + 1)) ++segment;
        const double over = static_cast<double>(segments[segment].memory.count) / (1 << 20) - series[at];
        above += over;
        least = std::min(least, over);
        worst = std::max(worst, over);
        area += series[at];
        peak = std::max(peak, series[at]);
    }
    CHECK(least == 0);
    return {above / area, worst / peak};
}

/// The least area that `count` segments, never below the series, must have above it, as a share of its own: by
/// dynamic programming over where the last one begins.
double least_area_error(const Series& series, std::size_t count) {
    const std::size_t n = series.size();
    std::vector<double> before(n + 1, std::numeric_limits<double>::infinity()), now(n + 1);
    before[0] = 0;
    for (std::size_t used = 0; used < count; ++used) {
        now = before;
        for (std::size_t end = 1; end <= n; ++end) {
            double largest = 0, sum = 0;
            for (std::size_t from = end; from-- > 0;) {
                largest = std::max(largest, series[from]);
                sum += series[from];
                const double above = largest * static_cast<double>(end - from) - sum;
                if (above > now[end]) break;  // it only rises as the last one grows longer
                now[end] = std::min(now[end], before[from] + above);
            }
        }
        before.swap(now);
    }
    double area = 0;
    for (const double memory : series) area += memory;
    return before[n] / area;
}

}  // namespace

TEST_CASE("hours at 1 Hz are stored in less than 4 KiB, close to the series, with the exact peak") {
    const std::uint64_t seed = 17;
    CAPTURE(seed);
    Rng rng(seed);
    for (const Shape& shape : shapes()) {
        const Series series = series_of(shape, 2 * 3600, rng);
        const std::vector<Segment> segments = stored(series, rng);
        const Errors errors = errors_of(series, segments);
        INFO(shape.name, ": ", segments.size(), " segments, ", encode_segments(segments).size(), " bytes");
        CHECK(encode_segments(segments).size() <= 4096);
        CHECK(errors.area <= shape.area_error_max);
        CHECK(errors.instant <= shape.instant_error_max);
        Bytes peak{};
        for (const Segment& segment : segments) peak = std::max(peak, segment.memory);
        CHECK(peak == Bytes{static_cast<std::int64_t>(*std::max_element(series.begin(), series.end())) << 20});
    }
}

TEST_CASE(
    "what is stored is no further from the series than the best curve of half as many segments, and a hundredth") {
    const std::uint64_t seed = 19;
    CAPTURE(seed);
    Rng rng(seed);
    for (const Shape& shape : shapes()) {
        const Series series = series_of(shape, 400, rng);
        CAPTURE(shape.name);
        CHECK(errors_of(series, stored(series, rng)).area <= least_area_error(series, Curve::most_segments / 2) + 0.01);
    }
}

TEST_CASE("the least area of a small series is what drawing shows") {
    // 1 3 2 in two segments: [1] [3 3], one above; or [3 3] [2], two above.
    CHECK(least_area_error({1, 3, 2}, 2) == doctest::Approx(1.0 / 6));
    CHECK(least_area_error({1, 3, 2}, 3) == doctest::Approx(0));
}
