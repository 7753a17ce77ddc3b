// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/model/resource_sum.h"

#include <doctest/doctest.h>

using namespace plimsoll;

TEST_CASE("what is added and taken away again leaves nothing behind, in whatever order") {
    const Resources thirds = parse_resources("cpu=0.1 memory=3GiB gpu=0.7").value();
    const Resources other = parse_resources("cpu=0.2 memory=1").value();
    ResourceSum sum;
    for (int time = 0; time < 1000; ++time) sum.add(thirds), sum.add(other);
    CHECK(sum.total().cpu == Cores{300});
    for (int time = 0; time < 1000; ++time) sum.take_away(thirds);
    for (int time = 0; time < 1000; ++time) sum.take_away(other);
    CHECK(sum.total() == Resources{});
}

TEST_CASE("a sum of decimal fractions is the decimal fraction") {
    ResourceSum sum;
    sum.add({.cpu = Cores{0.1}});
    sum.add({.cpu = Cores{0.2}});
    CHECK(sum.total().cpu == Cores{0.3});  // and not 0.30000000000000004
}
