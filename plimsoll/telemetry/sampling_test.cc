// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/telemetry/sampling.h"

#include <doctest/doctest.h>

#include <set>
#include <utility>

#include "plimsoll/base/random.h"

using namespace plimsoll;
using namespace plimsoll::telemetry;
using namespace std::chrono_literals;

namespace {

int samples_until(Instant start, Duration age) {
    int count = 0;
    for (Instant at = next_sample(start, start); at < start + age; at = next_sample(start, at)) ++count;
    return count;
}

}  // namespace

TEST_CASE("a young attempt is sampled ten times a second, an old one once") {
    const Instant start{1234567890ns};
    CHECK(samples_until(start, 5s) == 50);
    CHECK(samples_until(start, 70s) - samples_until(start, 10s) == 60);
}

TEST_CASE("a sample is never early and never a period late") {
    const std::uint64_t seed = 3;
    CAPTURE(seed);
    Rng rng(seed);
    for (int round = 0; round < 1'000; ++round) {
        const Instant start{Duration(rng.between(0, 1'000'000'000'000))};
        for (Instant last = start; last < start + 8s;) {
            const Instant next = next_sample(start, last);
            const Duration period = next < start + fast_phase ? fast_period : slow_period;
            REQUIRE(next >= last + fast_period / 2);
            REQUIRE(next <= last + period * 3 / 2);
            last = next + Duration(rng.between(0, 300'000'000));  // the loop was busy elsewhere
        }
    }
}

TEST_CASE("any number of attempts wakes the loop at most ten times a second, spread by their starts") {
    Rng rng(5);
    std::set<Instant> wakes;
    for (int attempt = 0; attempt < 200; ++attempt) {
        const Instant start{Duration(rng.between(0, 1'000'000'000))};
        for (Instant at = start; at < Instant(20s); at = next_sample(start, at))
            if (at >= Instant(10s)) wakes.insert(at);
    }
    CHECK(wakes.size() == 100);
}

TEST_CASE("an attempt is nearer the sooner it comes to what is held for it; one that does not rise is far") {
    constexpr double mib = 1 << 20;
    const auto stands = [](Bytes used, double rise_per_s, Bytes held = 1000_MiB) {
        return nearness_of({.used = used, .rise_per_s = rise_per_s, .held = held});
    };
    CHECK(stands(100_MiB, 10 * mib) == Nearness::far);       // 90 s
    CHECK(stands(100_MiB, 450 * mib) == Nearness::closing);  // 2 s
    CHECK(stands(800_MiB, 10 * mib) == Nearness::near);      // 20 s, and most is used
    CHECK(stands(800_MiB, 3 * mib) == Nearness::far);        // 67 s
    CHECK(stands(999_MiB, 0) == Nearness::far);
    CHECK(stands(999_MiB, -mib) == Nearness::far);
    CHECK(stands(1100_MiB, 1) == Nearness::closing);
    CHECK(stands(1_MiB, mib, 0_B) == Nearness::far);
}

TEST_CASE("near what is held an old attempt is sampled ten times a second, about to get there twenty times") {
    const Instant start{1234567890ns};
    for (const auto& [nearness, count] : {std::pair{Nearness::near, 10}, std::pair{Nearness::closing, 20}}) {
        int samples = 0;
        for (Instant at = start + 10s; at < start + 11s; at = next_sample(start, at, nearness)) ++samples;
        CHECK(samples >= count);
        CHECK(samples <= count + 1);  // the first one stood on no mark
        CHECK(next_sample(start, start + 10s, nearness).time_since_epoch() % (1000ms / count) == 0ns);
    }
}
