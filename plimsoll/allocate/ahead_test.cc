// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/allocate/ahead.h"

#include <doctest/doctest.h>

#include <vector>

using namespace plimsoll;
using namespace plimsoll::allocate;
using namespace std::chrono_literals;

namespace {

constexpr Instant at(Duration time) { return Instant{} + time; }

const PredictedEnd sure{.typical = at(100s), .bound = at(104s), .confidence = 0.9};
const PredictedEnd wide{.typical = at(100s), .bound = at(140s), .confidence = 0.9};

}  // namespace

TEST_CASE("room is kept from the typical end where that may be relied on") {
    CHECK(room_ahead(std::vector{sure}, 30s, at(80s)) == Ahead{at(100s), true, 0.9});
}

TEST_CASE("room is kept from the bound where the end is uncertain, or forecasts often fail") {
    // 40 s of doubt are more than half of the task's own 50 s.
    CHECK(room_ahead(std::vector{wide}, 50s, at(95s)) == Ahead{at(140s), false, 0.9});
    PredictedEnd doubtful = sure;
    doubtful.confidence = 0.7;
    CHECK(room_ahead(std::vector{doubtful}, 30s, at(80s)) == Ahead{at(104s), false, 0.7});
}

// 0.9 x 0.9 = 0.81 is enough, 0.73 of three is not; one that is done long before the others does not count.
TEST_CASE("many that end together are less sure than one") {
    CHECK(room_ahead(std::vector{sure, sure}, 30s, at(80s))->is_early);
    CHECK(!room_ahead(std::vector{sure, sure, sure}, 30s, at(80s))->is_early);
    const PredictedEnd before{.typical = at(50s), .bound = at(60s), .confidence = 0.1};
    CHECK(room_ahead(std::vector{sure, before}, 30s, at(80s)) == Ahead{at(100s), true, 0.9});
}

TEST_CASE("no room is kept longer ahead than the task itself takes, nor than the rule says") {
    CHECK(!room_ahead(std::vector{sure}, 30s, at(70s)));
    CHECK(room_ahead(std::vector{sure}, 30s, at(71s)));
    CHECK(!room_ahead(std::vector{sure}, 30s, at(99s), {.lead_at_most = 0s}));
}

TEST_CASE("those that are late are waited for until the bound, and no longer") {
    CHECK(room_ahead(std::vector{sure}, 30s, at(102s)) == Ahead{at(102s), true, 0.9});
    CHECK(!room_ahead(std::vector{sure}, 30s, at(104s)));
}

TEST_CASE("without a confidence, or a runtime, no room is kept") {
    CHECK(!room_ahead(std::vector{PredictedEnd{at(100s), at(100s), {}}}, 30s, at(90s)));
    CHECK(!room_ahead(std::vector{sure}, 0s, at(90s)));
    CHECK(!room_ahead({}, 30s, at(90s)));
}
