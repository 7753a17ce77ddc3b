// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/schedule/granularity.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>

namespace plimsoll::schedule {
namespace {

/// A core a part, on so many cores.
Divisible on(int cores, std::optional<double> whole_s, std::optional<double> start_up_s, double spread = 0) {
    return {.whole_s = whole_s,
            .start_up_s = start_up_s,
            .spread = spread,
            .join_s = 0,
            .needs = [](double) { return Resources{.cpu = 1_cores, .memory = 1_GiB}; },
            .room = {.cpu = Cores{static_cast<double>(cores)}, .memory = 64_GiB}};
}

int parts(const Divisible& task) { return static_cast<int>(granularity(task).shares.size()); }

TEST_CASE("where all parts take alike, there is one for each core") { CHECK(parts(on(4, 100, 1)) == 4); }

TEST_CASE("where they do not, there are more, so that all cores are busy to the end") {
    const int even = parts(on(4, 100, 0.1, 0.0)), uneven = parts(on(4, 100, 0.1, 0.4));
    CHECK(uneven > even);
    CHECK(uneven % 4 == 0);
}

TEST_CASE("the dearer the start, the fewer the parts") {
    CHECK(parts(on(4, 100, 10, 0.4)) < parts(on(4, 100, 0.1, 0.4)));
}

// Two parts on two cores: 9 + 1 / 2 s each, against 10 s in one piece, less the fiftieth that a part must be worth.
TEST_CASE("a task that is nearly all start-up is not split") {
    CHECK(parts(on(2, 10, 9.9)) == 1);
    CHECK(parts(on(2, 0.01, 0.001)) == 1);
}

TEST_CASE("nothing is split on one core, unless only a part of it fits") {
    CHECK(parts(on(1, 100, 1)) == 1);
    Divisible large = on(1, 100, 1);
    large.needs = [](double share) {
        return Resources{.cpu = 1_cores, .memory = Bytes{static_cast<std::int64_t>(share * 256 * (1 << 30))}};
    };
    CHECK(parts(large) == 4);
}

// A part of a share s needs 64 s GiB of 64: with n parts all n fit side by side, so cores decide.
TEST_CASE("parts are made small enough to run side by side") {
    Divisible large = on(8, 100, 1);
    large.needs = [](double share) {
        return Resources{.cpu = 1_cores, .memory = Bytes{static_cast<std::int64_t>(share * 64 * (1LL << 30))}};
    };
    const Granularity chosen = granularity(large);
    CHECK(chosen.shares.size() == 8);
    CHECK(chosen.side_by_side == 8);
}

TEST_CASE("as long as the start-up is unknown there are two rounds of different sizes") {
    const Granularity chosen = granularity(on(4, std::nullopt, std::nullopt));
    REQUIRE(chosen.shares.size() == 8);
    CHECK(chosen.shares.front() == doctest::Approx(2 * chosen.shares.back()));
    CHECK(std::accumulate(chosen.shares.begin(), chosen.shares.end(), 0.0) == doctest::Approx(1));
    CHECK(!chosen.done_s);
}

TEST_CASE("what is known to be short is not split to find out") { CHECK(parts(on(4, 0.03, std::nullopt)) == 1); }

TEST_CASE("the user's word decides") {
    Divisible told = on(4, 0.01, 0.01);
    told.parts = 7;
    CHECK(parts(told) == 7);
}

TEST_CASE("what is promised is what the parts come to") {
    const Granularity chosen = granularity(on(4, 100, 2));
    REQUIRE(chosen.done_s);
    CHECK(*chosen.done_s == doctest::Approx(2 + 98.0 / 4).epsilon(0.01));
}

}  // namespace
}  // namespace plimsoll::schedule
