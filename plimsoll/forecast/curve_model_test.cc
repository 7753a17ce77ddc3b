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
    InLine background = {};
    CurveModel curve{&background};
    void learn(double x, const std::vector<Phase>& phases) {
        runtime.learn(x, phases.back().until_s);
        curve.learn(x, profile_of(phases), runtime);
    }
    TaskCurve told(double x, int peak_mib = 1000, const Overrun& overrun = {}) const {
        return curve.curve(
            runtime, {.x = x, .expected_s = runtime.estimate(x).p50, .peak = static_cast<double>(peak_mib) * (1 << 20)},
            overrun);
    }
    std::vector<CurvePart> parts(double x) const { return told(x).parts; }
};

double memory_at(const std::vector<CurvePart>& parts, double when_s) {
    for (const CurvePart& part : parts)
        if (when_s < part.until_s) return part.memory;
    return parts.back().memory;
}

}  // namespace

// High from 6 s of 10. Five alike are widened by 0.3 / 5 of 10 s: from 5.4 s, or up to two cells (10 s / 64) earlier.
// What they used has 0.1 / 5 of room.
TEST_CASE("two phases are told apart, and the high one begins early") {
    Taught taught;
    for (int run = 0; run < 5; ++run) taught.learn(1, {{6, 100, 0.5}, {10, 1000, 2}});
    const auto parts = taught.parts(1);
    REQUIRE(parts.size() == 2);
    CHECK(parts[0].memory == Approx(0.102));
    CHECK(parts[0].until_s <= 5.4);
    CHECK(parts[0].until_s >= 5.4 - 2 * 10.0 / 64);
    CHECK(parts[1].until_s == Approx(10));
    CHECK(parts[1].memory == 1);
    CHECK(parts[0].cores < parts[1].cores);
}

TEST_CASE("a high phase in the middle leaves a low one on both sides") {
    Taught taught;
    for (int run = 0; run < 5; ++run) taught.learn(1, {{30, 200}, {60, 1000}, {100, 300}});
    const auto parts = taught.parts(1);
    REQUIRE(parts.size() == 3);
    CHECK(memory_at(parts, 15) == Approx(0.2 * 1.02));
    for (double when_s = 24; when_s < 66; when_s += 1) CHECK(memory_at(parts, when_s) == 1);
    CHECK(memory_at(parts, 75) == Approx(0.3 * 1.02));
}

TEST_CASE("however many phases there are, a few parts tell of them, and none is below what was used") {
    Taught taught;
    std::vector<Phase> phases;
    Rng rng(5);
    for (int at = 1; at <= 20; ++at) phases.push_back({at * 10.0, static_cast<int>(rng.between(100, 1000))});
    for (int run = 0; run < 4; ++run) taught.learn(1, phases);
    int peak = 0;
    for (const Phase& phase : phases) peak = std::max(peak, phase.mib);
    const auto parts = taught.told(1, peak).parts;
    CHECK(parts.size() <= CurveModel::most_parts);
    for (const Phase& phase : phases)
        CHECK(memory_at(parts, phase.until_s - 5) >= static_cast<double>(phase.mib) / peak - 1e-6);
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
        unseen.curve.learn(1, {}, unseen.runtime);
    }
    CHECK(unseen.parts(1).empty());
}

// Each peaks at another tenth of its time: together they are high all along, but for the three of ten that may be
// killed.
TEST_CASE("runs that disagree give little back") {
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
    CHECK(held > 0.7);
}

// The high phase is the second half, whatever the input: at 40 s it begins at 20 s, less at least 0.3 / 12 of 40 s.
TEST_CASE("phases that grow with the input are told in shares of the runtime") {
    Taught taught;
    for (int run = 1; run <= 12; ++run) taught.learn(run, {{5.0 * run, 100}, {10.0 * run, 1000}});
    const auto parts = taught.parts(4);
    CHECK(memory_at(parts, 15) < 0.13);
    CHECK(memory_at(parts, 19) == 1);
    CHECK(memory_at(parts, 39) == 1);
}

// Below an input of 20 the high phase comes first, above it last.
TEST_CASE("what small inputs do is not held for large ones") {
    Taught taught;
    for (int run = 1; run <= 40; ++run)
        taught.learn(
            run, run <= 20 ? std::vector<Phase>{{20, 1000}, {100, 100}} : std::vector<Phase>{{80, 100}, {100, 1000}});
    CHECK(memory_at(taught.parts(5), 10) == 1);
    CHECK(memory_at(taught.parts(5), 60) < 0.2);
    CHECK(memory_at(taught.parts(35), 10) < 0.2);
    CHECK(memory_at(taught.parts(35), 90) == 1);
}

// An index is loaded for 10 s, then comes a low phase that grows with the input.
TEST_CASE("phases of a fixed length are told in seconds") {
    Taught taught;
    for (int run = 1; run <= 12; ++run) taught.learn(run, {{10, 1000}, {10.0 + 10 * run, 100}});
    const auto parts = taught.parts(11);  // 120 s
    CHECK(memory_at(parts, 9.9) == 1);
    CHECK(memory_at(parts, 35) < 0.13);
}

// Three runs of 10 s: of what comes after, nobody knows, so 30 s are held as the longest was in its shares.
TEST_CASE("an unknown length is no reason to give memory back") {
    Taught taught;
    for (int run = 0; run < 3; ++run) taught.learn(1, {{5, 100}, {10, 1000}});
    const auto parts =
        taught.curve.curve(taught.runtime, {.x = 1, .expected_s = 30, .peak = 1000.0 * (1 << 20)}, {}).parts;
    CHECK(parts.back().memory == 1);
    CHECK(memory_at(parts, 29) == 1);
}

namespace {

/// Phases whose boundary, levels and runtime vary. Peak: 1000 MiB.
std::vector<Phase> varying(Rng& rng) {
    const double runtime_s = 100 * std::exp(0.15 * rng.normal());
    const double boundary = runtime_s * std::clamp(0.5 + 0.08 * rng.normal(), 0.1, 0.9);
    return {{boundary, static_cast<int>(rng.between(100, 300))}, {runtime_s, 1000}};
}

/// Of 400 tasks, each learnt after it was seen: the share that was above its curve at some time, and what curves held
/// in the mean, as a share of the peak.
struct Seen {
    double above = 0, held = 0;
};
Seen follow(Rng& rng, double failure_weight) {
    Taught taught;
    for (int run = 0; run < 24; ++run) taught.learn(1, varying(rng));
    Seen seen;
    constexpr int tasks = 400;
    for (int task = 0; task < tasks; ++task) {
        const std::vector<Phase> phases = varying(rng);
        const auto parts = taught.told(1, 1000, {.failure_weight = failure_weight, .growth_s = {}}).parts;
        bool is_above = false;
        for (int at = 0; at < 100; ++at) {
            const double when_s = phases.back().until_s * (at + 0.5) / 100, held = memory_at(parts, when_s);
            is_above |= held < (when_s < phases[0].until_s ? phases[0].mib : phases[1].mib) / 1000.0;
            seen.held += held / 100 / tasks;
        }
        seen.above += is_above ? 1.0 / tasks : 0;
        taught.learn(1, phases);
    }
    return seen;
}

}  // namespace

// A task that is killed where the high phase begins has held its low level (0.2 in the mean) for half its time in vain;
// one that begins with the peak holds 0.8 for that half in vain. The cheapest boundary is the one that a fifth of the
// tasks are above (0.2 / (0.2 + 0.8)), less as failures count; never to fall would cost 0.4 of peak x runtime, of
// which half is saved or more.
TEST_CASE("as many are above the curve as is cheapest, and fewer the more a failure counts") {
    for (const std::uint64_t seed : {1, 2, 3}) {
        CAPTURE(seed);
        Rng rng(seed);
        const Seen thrifty = follow(rng, 0), safe = follow(rng, 10);
        CHECK(thrifty.above < 0.3);
        CHECK(thrifty.held < 0.8);
        CHECK(safe.above < thrifty.above);
        CHECK(safe.above < 0.1);
        CHECK(safe.held < 0.95);
    }
}

// A growth costs two seconds of a hundred, a failure all that was held until then.
TEST_CASE("what may be outgrown holds less, and is grown by a step that fits") {
    Taught taught;
    Rng rng(7);
    for (int run = 0; run < 24; ++run) taught.learn(1, varying(rng));
    const auto held = [](const TaskCurve& curve) {
        double area = 0, from_s = 0;
        for (const CurvePart& part : curve.parts) {
            area += part.memory * (part.until_s - from_s);
            from_s = part.until_s;
        }
        return area / from_s;
    };
    const TaskCurve killed = taught.told(1), grown = taught.told(1, 1000, {.failure_weight = 1, .growth_s = 2});
    CHECK(held(grown) < held(killed));
    CHECK(grown.growth.step > 0);
    CHECK(grown.growth.patience > 0);
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
