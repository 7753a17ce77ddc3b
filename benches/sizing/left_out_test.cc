// SPDX-License-Identifier: Apache-2.0
#include "benches/sizing/left_out.h"

#include <doctest/doctest.h>

#include <algorithm>

using namespace plimsoll;
using namespace plimsoll::benches;

// The first is half as dear on a, the second a third as dear on b: without b the first wins, without a, and with both,
// the second. That b is a thousand times as large does not matter.
TEST_CASE("constants are chosen by what they save in proportion, on all workflows but the one left out") {
    const std::vector<std::vector<double>> wastage = {{1, 3000}, {2, 1000}};
    CHECK(cheapest_without(wastage, {"a", "b"}, "b") == 0);
    CHECK(cheapest_without(wastage, {"a", "b"}, "a") == 1);
    CHECK(cheapest_without(wastage, {"a", "b"}, "") == 1);
}

TEST_CASE("the product's own constants are among those that compete") {
    const auto candidates = candidate_constants();
    CHECK(std::count(candidates.begin(), candidates.end(), forecast::MixtureConstants{}) == 1);
}
