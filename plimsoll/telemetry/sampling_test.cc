// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/telemetry/sampling.h"

#include <doctest/doctest.h>

#include <set>

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
