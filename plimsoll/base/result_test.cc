// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/base/result.h"

#include <doctest/doctest.h>

#include <memory>

using namespace plimsoll;

namespace {

Result<int> half(int n) {
    if (n % 2 != 0) return invalid(std::to_string(n) + " is odd");
    return n / 2;
}

Result<int> quarter(int n) { return half(PLIM_TRY(half(n))); }

Result<void> check_quarter(int n) {
    PLIM_TRY(quarter(n));
    return {};
}

Result<std::unique_ptr<int>> boxed(int n) { return std::make_unique<int>(PLIM_TRY(half(n))); }

}  // namespace

TEST_CASE("PLIM_TRY hands on the value or returns the error") {
    CHECK(quarter(8).value() == 2);
    CHECK(quarter(6).error().message == "3 is odd");
    CHECK(check_quarter(8));
    CHECK_FALSE(check_quarter(6));
    CHECK(*boxed(4).value() == 2);
}

TEST_CASE("an error is told with its place") {
    CHECK(half(3).error().within("f.yaml:1:2").message == "f.yaml:1:2: 3 is odd");
}

TEST_CASE("value_or gives the other only when there is no value") {
    CHECK(half(4).value_or(9) == 2);
    CHECK(half(3).value_or(9) == 9);
}
