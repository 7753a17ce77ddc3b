// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/workflow/device_count.h"

#include <doctest/doctest.h>

using namespace plimsoll;
using namespace plimsoll::workflow;

TEST_CASE("whole devices can be asked for, or a share of one in thousandths") {
    CHECK(parse_devices("0").value() == 0);
    CHECK(parse_devices("4").value() == 4);
    CHECK(parse_devices("0.25").value() == 0.25);
    CHECK(parse_devices("0.333").value() == 0.333);
}

TEST_CASE("what no device can be divided into is refused with what to write") {
    CHECK(parse_devices("1.5").error().message ==
          "'1.5' is neither whole devices nor a share of one; write 1, 2 or 0.5");
    CHECK(parse_devices("0.3333").error().message ==
          "'0.3333' is too fine a share of a device; write 0.25, or three digits at most");
    for (const char* text : {"-1", "two", "", "1 GPU", "nan", "inf", "2000"}) {
        CAPTURE(text);
        CHECK(parse_devices(text).error().kind == ErrorKind::invalid);
    }
}
