// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/base/path.h"

#include <doctest/doctest.h>

using namespace plimsoll;

TEST_CASE("a relative path is seen from the folder, an absolute one is taken as it is") {
    CHECK(path_from("/flow", "a/b.txt") == "/flow/a/b.txt");
    CHECK(path_from("/flow", "/data/b.txt") == "/data/b.txt");
    CHECK(path_from("/flow", "") == "/flow");
}
