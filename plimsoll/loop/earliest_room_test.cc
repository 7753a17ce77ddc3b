// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/loop/earliest_room.h"

#include <doctest/doctest.h>

using namespace plimsoll;
using namespace plimsoll::loop;

namespace {

Instant at(int second) { return Instant(std::chrono::seconds(second)); }

constexpr Resources two_cores{.cpu = Cores{2}};
constexpr Duration ten_s = std::chrono::seconds(10);

/// Two nodes of two cores: the first is full until 30, the second until 20.
std::vector<Calendar> two_nodes() {
    std::vector<Calendar> nodes(2, Calendar(two_cores));
    nodes[0].add({.amounts = two_cores, .start = at(0), .end = at(30), .node = 0});
    nodes[1].add({.amounts = two_cores, .start = at(0), .end = at(20), .node = 1});
    return nodes;
}

}  // namespace

TEST_CASE("room is where it is there first, on the lowest node of equals, and not sooner than it is wanted") {
    const std::vector<Calendar> nodes = two_nodes();
    const auto room = earliest_room(nodes, two_cores, ten_s, at(5));
    REQUIRE(room);
    CHECK(room->node == 1);
    CHECK(room->start == at(20));
    CHECK(room->end == at(30));
    const auto later = earliest_room(nodes, two_cores, ten_s, at(40));
    REQUIRE(later);
    CHECK(later->node == 0);
    CHECK(later->start == at(40));
}

TEST_CASE("room is looked for on as many nodes as one says, and what fits nowhere has none") {
    const std::vector<Calendar> nodes = two_nodes();
    const auto first = earliest_room(nodes, two_cores, ten_s, at(5), 1);
    REQUIRE(first);
    CHECK(first->start == at(30));
    CHECK_FALSE(earliest_room(nodes, {.cpu = Cores{3}}, ten_s, at(5)));
}
