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

TEST_CASE("the risk of a run goes over that of its steps, which goes over the usual one") {
    Step step;
    CHECK(loop::SizingTerms{}.of(step).failure_weight == 1);
    step.risk = Risk{10};
    CHECK(loop::SizingTerms{}.of(step).failure_weight == 10);
    CHECK(loop::SizingTerms{.risk = Risk{0}}.of(step).failure_weight == 0);
}
