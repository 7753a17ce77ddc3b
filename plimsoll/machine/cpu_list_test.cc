// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/machine/cpu_list.h"

#include <doctest/doctest.h>

using namespace plimsoll::machine;
using Cpus = std::vector<int>;

TEST_CASE("a list of CPUs is read as the kernel writes it, and nothing else is") {
    CHECK(parse_cpu_list("0-2,8\n") == Cpus{0, 1, 2, 8});
    CHECK(parse_cpu_list("5") == Cpus{5});
    for (const char* text : {"", "\n", "a", "1-", "-1", "1,,2", "0-99999999999", "1 2"})
        CHECK(parse_cpu_list(text).empty());
    CHECK(format_cpu_list(Cpus{0, 1, 8}) == "0,1,8");
}

TEST_CASE("the CPUs with the fewest uses are taken, the lowest first, and no more than there are") {
    CHECK(least_used({3, 2, 1, 0}, {}, 2) == Cpus{0, 1});
    CHECK(least_used({0, 1, 2, 3}, {{0, 2}, {1, 1}, {2, 4}}, 2) == Cpus{1, 3});
    CHECK(least_used({0, 1}, {{0, 9}}, 5) == Cpus{0, 1});
}
