// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/loop/ask.h"

#include <doctest/doctest.h>

using namespace plimsoll;
using loop::settled_cores;

TEST_CASE("a little more than whole cores is whole cores") {
    CHECK(settled_cores(1.1_cores) == 1_cores);
    CHECK(settled_cores(1.2_cores) == 1.2_cores);
    CHECK(settled_cores(4.5_cores) == 4_cores);
    CHECK(settled_cores(4.7_cores) == 4.7_cores);
}

TEST_CASE("whole cores and less than one stay what they are") {
    CHECK(settled_cores(2_cores) == 2_cores);
    CHECK(settled_cores(0.1_cores) == 0.1_cores);
    CHECK(settled_cores(0.97_cores) == 0.97_cores);
}
