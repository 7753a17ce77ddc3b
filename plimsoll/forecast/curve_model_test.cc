// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/forecast/curve_model.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "plimsoll/base/random.h"

using namespace plimsoll;
using namespace plimsoll::forecast;
using namespace std::chrono_literals;
using doctest::Approx;

namespace {

/// A stretch of a run: until when (s), how much memory (MiB), how many cores.
struct Phase {
    double until_s;
    int mib;
    double cores = 1;
};

Profile profile_of(const std::vector<Phase>& phases) {
    Profile profile;
    double from_s = 0;
    for (const auto& [until_s, mib, cores] : phases) {
        const Bytes memory{std::int64_t{mib} << 20};
        profile.segments.push_back({.until = from_seconds(until_s), .memory = memory, .cpu = {cores}});
        profile.memory_peak = std::max(profile.memory_peak, memory);
        profile.runtime = from_seconds(until_s);
        profile.cpu += from_seconds(cores * (until_s - from_s));
        from_s = until_s;
    }
    return profile;
}

/// What a kind's runs on one machine teach.
struct Taught {
    QuantityModel runtime{{.probability = 0.95, .by_input = true}};
    CurveModel curve;
    void learn(double x, const std::vector<Phase>& phases) {
        runtime.learn(x, phases.back().until_s);
        curve.learn(x, profile_of(phases));
    }
    std::vector<CurvePart> parts(double x) const { return curve.parts(runtime, runtime.estimate(x).p50); }
};

double memory_at(const std::vector<CurvePart>& parts, double when_s) {
    for (const CurvePart& part : parts)
        if (when_s < part.until_s) return part.memory;
    return parts.back().memory;
}

}  // namespace

// High from 6 s to 10 s of 10, widened by a tenth: from 5 s, or up to a cell (10 s / 64) earlier.
TEST_CASE("two phases are told apart, and the high one is widened") {
    Taught taught;
    for (int run = 0; run < 5; ++run) taught.learn(1, {{6, 100, 0.5}, {10, 1000, 2}});
    const auto parts = taught.parts(1);
    REQUIRE(parts.size() == 2);
    CHECK(parts[0].memory == Approx(0.1));
    CHECK(parts[0].until_s == Approx(5).epsilon(0.032));
    CHECK(parts[0].until_s <= 5);
    CHECK(parts[1].until_s == Approx(10));
    CHECK(parts[1].memory == 1);
    CHECK(parts[0].cores < parts[1].cores);
}

TEST_CASE("a high phase in the middle leaves a low one on both sides") {
    Taught taught;
    for (int run = 0; run < 5; ++run) taught.learn(1, {{30, 200}, {60, 1000}, {100, 300}});
    const auto parts = taught.parts(1);
    REQUIRE(parts.size() == 3);
    CHECK(memory_at(parts, 15) == Approx(0.2));
    for (double when_s = 20; when_s < 70; when_s += 1) CHECK(memory_at(parts, when_s) == 1);
    CHECK(memory_at(parts, 75) == Approx(0.3));
}

TEST_CASE("however many phases there are, four parts tell of them, and none is below what was used") {
    Taught taught;
    std::vector<Phase> phases;
    Rng rng(5);
    for (int at = 1; at <= 20; ++at) phases.push_back({at * 10.0, static_cast<int>(rng.between(100, 1000))});
    for (int run = 0; run < 4; ++run) taught.learn(1, phases);
    const auto parts = taught.parts(1);
    CHECK(parts.size() <= CurveModel::most_parts);
    double peak = 0;
    for (const Phase& phase : phases) peak = std::max<double>(peak, phase.mib);
    for (const Phase& phase : phases) CHECK(memory_at(parts, phase.until_s - 5) >= phase.mib / peak - 1e-6);
}

TEST_CASE("a flat task is one part, and fewer than three runs are none") {
    Taught taught;
    taught.learn(1, {{10, 500}});
    taught.learn(1, {{10, 500}});
    CHECK(taught.parts(1).empty());
    taught.learn(1, {{10, 500}});
    CHECK(taught.parts(1).size() == 1);
}

TEST_CASE("what runs shorter than a second is not shaped, and a run without a shape teaches none") {
    Taught quick;
    for (int run = 0; run < 5; ++run) quick.learn(1, {{0.4, 10}, {0.8, 100}});
    CHECK(quick.parts(1).empty());
    Taught unseen;
    for (int run = 0; run < 5; ++run) {
        unseen.runtime.learn(1, 10);
        unseen.curve.learn(1, {});
    }
    CHECK(unseen.parts(1).empty());
}

// Each peaks at another tenth of its time: together they are high all along.
TEST_CASE("runs that disagree give back nothing") {
    Taught taught;
    for (int run = 0; run < 10; ++run) {
        const double from_s = run * 10;
        std::vector<Phase> phases;
        if (from_s > 0) phases.push_back({from_s, 100});
        phases.push_back({from_s + 10, 1000});
        if (from_s < 90) phases.push_back({100, 100});
        taught.learn(1, phases);
    }
    double held = 0;
    for (double when_s = 0.5; when_s < 100; when_s += 1) held += memory_at(taught.parts(1), when_s) / 100;
    CHECK(held > 0.9);
}

// The high phase is the second half, whatever the input: at 40 s it begins at 20 s less the widening.
TEST_CASE("phases that grow with the input are told in shares of the runtime") {
    Taught taught;
    for (int run = 1; run <= 12; ++run) taught.learn(run, {{5.0 * run, 100}, {10.0 * run, 1000}});
    const auto parts = taught.parts(4);
    CHECK(memory_at(parts, 15) == Approx(0.1));
    CHECK(memory_at(parts, 16.5) == 1);
    CHECK(memory_at(parts, 39) == 1);
}

// An index is loaded for 10 s, then comes a low phase that grows with the input.
TEST_CASE("phases of a fixed length are told in seconds") {
    Taught taught;
    for (int run = 1; run <= 12; ++run) taught.learn(run, {{10, 1000}, {10.0 + 10 * run, 100}});
    const auto parts = taught.parts(11);  // 120 s
    CHECK(memory_at(parts, 9.9) == 1);
    CHECK(memory_at(parts, 35) == Approx(0.1));
}

// Three runs of 10 s: of what comes after, nobody knows, so 30 s are held as the longest was in its shares.
TEST_CASE("an unknown length is no reason to give memory back") {
    Taught taught;
    for (int run = 0; run < 3; ++run) taught.learn(1, {{5, 100}, {10, 1000}});
    const auto parts = taught.curve.parts(taught.runtime, 30);
    CHECK(parts.back().memory == 1);
    CHECK(memory_at(parts, 29) == 1);
}

// Boundary, levels and runtime vary; n = 24 runs are kept. One more is above the (1 + 24 / 10) = third largest with
// probability 3 / 25 at most where every run is still going; widening only helps, so the time below the curve,
// weighted by the task's own time, is at least 0.88. A task is one draw: 4 sigma of the mean over 400 of them.
TEST_CASE("over time as many are below the curve as should be") {
    for (const std::uint64_t seed : {1, 2, 3}) {
        CAPTURE(seed);
        Rng rng(seed);
        const auto next = [&rng] {
            const double runtime_s = 100 * std::exp(0.15 * rng.normal());
            const double boundary = runtime_s * std::clamp(0.5 + 0.08 * rng.normal(), 0.1, 0.9);
            const int low = static_cast<int>(rng.between(100, 300));
            return std::vector<Phase>{{boundary, low}, {runtime_s, 1000}};
        };
        Taught taught;
        for (int run = 0; run < 24; ++run) taught.learn(1, next());
        double covered = 0, held = 0, squares = 0;
        constexpr int tasks = 400;
        for (int task = 0; task < tasks; ++task) {
            const std::vector<Phase> phases = next();
            const auto parts = taught.parts(1);
            double below = 0, area = 0;
            for (int at = 0; at < 100; ++at) {
                const double when_s = phases.back().until_s * (at + 0.5) / 100;
                const int used = when_s < phases[0].until_s ? phases[0].mib : phases[1].mib;
                below += memory_at(parts, when_s) >= used / 1000.0;
                area += memory_at(parts, when_s);
            }
            covered += below / 100 / tasks;
            squares += below * below / 1e4 / tasks;
            held += area / 100 / tasks;
            taught.learn(1, phases);
        }
        const double deviation = std::sqrt(std::max(0.0, squares - covered * covered));
        CHECK(covered >= 0.88 - 4 * deviation / std::sqrt(tasks));
        CHECK(held < 0.9);  // and yet something is given back
    }
}

TEST_CASE("the same runs give the same curve") {
    Taught one, other;
    for (int run = 1; run <= 30; ++run) {
        one.learn(run, {{3.0 * run, 100 + run}, {10.0 * run, 1000}});
        if (run % 7 == 0) one.parts(run);  // asking in between changes nothing
        other.learn(run, {{3.0 * run, 100 + run}, {10.0 * run, 1000}});
    }
    const auto a = one.parts(5), b = other.parts(5);
    REQUIRE(a.size() == b.size());
    for (std::size_t at = 0; at < a.size(); ++at) {
        CHECK(a[at].until_s == b[at].until_s);
        CHECK(a[at].memory == b[at].memory);
    }
}
