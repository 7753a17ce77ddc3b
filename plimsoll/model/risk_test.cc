// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/model/risk.h"

#include <doctest/doctest.h>

namespace plimsoll {
namespace {

TEST_CASE("risk is a word or a number, and told by its word") {
    CHECK(parse_risk("thrifty").value() == Risk{0});
    CHECK(parse_risk("balanced").value() == Risk{});
    CHECK(parse_risk("safe").value() == Risk{10});
    CHECK(parse_risk("2.5").value() == Risk{2.5});
    CHECK(format(Risk{10}) == "safe");
    CHECK(format(Risk{2.5}) == "2.5");
}

TEST_CASE("what is no risk is told with what to write") {
    for (const char* wrong : {"", "save", "-1", "101", "nan", "inf", "1x"}) {
        CAPTURE(wrong);
        CHECK(parse_risk(wrong).error().message ==
              "'" + std::string(wrong) +
                  "' is no risk; write thrifty, balanced, safe or a number from 0 (thrifty) to 100");
    }
}

}  // namespace
}  // namespace plimsoll
