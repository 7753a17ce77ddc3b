// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/machine/process.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>

using namespace plimsoll;
using namespace plimsoll::machine;

TEST_CASE("this process lives, and is not mistaken for one that had its pid before") {
    const auto self = process_identity(::getpid());
    REQUIRE(self);
    CHECK(is_alive(*self));
    ProcessIdentity earlier = *self;
    earlier.start_ticks -= 1;
    CHECK_FALSE(is_alive(earlier));
    ProcessIdentity before_reboot = *self;
    before_reboot.boot_id = "another";
    CHECK_FALSE(is_alive(before_reboot));
}

TEST_CASE("an owner mark reads back as it was written, and nothing else reads as one") {
    const OwnerMark mark = own_mark();
    CHECK(parse_owner_mark(mark.text()) == mark);
    CHECK(OwnerMark{.pid = 812, .start_ticks = 7, .pid_namespace = 9}.text() == "812-7-9");
    for (const char* other : {"", "812", "812-7", "812-7-", "-1-7-9", "812-7-9x", "0-7-9", "a-b-c", "99999999999-1-1"})
        CHECK_MESSAGE(!parse_owner_mark(other), other);
}

TEST_CASE("an owner is dead only when that is sure") {
    CHECK_FALSE(is_owner_dead(own_mark()));
    OwnerMark earlier = own_mark();
    earlier.start_ticks -= 1;
    CHECK(is_owner_dead(earlier));
    OwnerMark elsewhere = earlier;
    elsewhere.pid_namespace += 1;
    CHECK_FALSE(is_owner_dead(elsewhere));
}

TEST_CASE("descendants are found over any number of generations") {
    const std::vector<ProcessStat> all = {{.pid = 5, .parent = 4},
                                          {.pid = 4, .parent = 3},
                                          {.pid = 3, .parent = 1},
                                          {.pid = 6, .parent = 1},
                                          {.pid = 7, .parent = 6}};
    CHECK(with_descendants({3}, all) == std::vector<int>{5, 4, 3});
    CHECK(with_descendants({4}, all) == std::vector<int>{5, 4});
    CHECK(with_descendants({}, all).empty());
}

TEST_CASE("this process is among all processes and among those since its parent") {
    const auto has_self = [](const std::vector<ProcessStat>& found) {
        return std::any_of(found.begin(), found.end(), [](const ProcessStat& each) { return each.pid == ::getpid(); });
    };
    CHECK(has_self(all_processes()));
    CHECK(has_self(processes_since(::getpid() - 1)));
}
