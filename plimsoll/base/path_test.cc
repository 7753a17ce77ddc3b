// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/base/path.h"

#include <doctest/doctest.h>

using namespace plimsoll;

TEST_CASE("a relative path is seen from the folder, an absolute one is taken as it is") {
    CHECK(resolved_path("/flow", "a/b.txt") == "/flow/a/b.txt");
    CHECK(resolved_path("/flow", "/data/b.txt") == "/data/b.txt");
    CHECK(resolved_path("/flow", "") == "/flow");
}
