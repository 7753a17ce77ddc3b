// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/loop/growth_seen.h"

#include <doctest/doctest.h>

using namespace plimsoll;
using namespace plimsoll::loop;

namespace {

TaskKind kind(const char* step) { return {.workflow = "w", .step = step, .tool = {}}; }

}  // namespace

TEST_CASE("before anything was outgrown nobody is expected to come beyond what he starts with") {
    GrowthSeen seen;
    seen.finished(kind("a"), true);
    CHECK(seen.of(kind("a"), true) == 1);
    CHECK(seen.of(kind("b"), true) == 1);
}

TEST_CASE("a kind is expected to come as far as the furthest of it did, and a little further") {
    GrowthSeen seen;
    seen.wants(kind("a"), 3, false);
    seen.wants(kind("a"), 2, false);
    CHECK(seen.of(kind("a"), false) == doctest::Approx(3.3));
    CHECK(seen.of(kind("b"), false) == 1);
}

TEST_CASE("where most steps outgrow what the user asked for, so may the next one, though not beyond twice as much") {
    GrowthSeen seen;
    seen.wants(kind("a"), 1.5, true);
    CHECK(seen.of(kind("b"), true) == doctest::Approx(1.65));
    seen.wants(kind("a"), 9, true);
    CHECK(seen.of(kind("b"), true) == 2);
    CHECK(seen.of(kind("b"), false) == 1);  // learnt, not asked for
}

TEST_CASE("one step that outgrew its request costs the others nothing once as many have kept theirs") {
    GrowthSeen seen;
    seen.wants(kind("bad"), 2, true);
    seen.finished(kind("bad"), true);
    CHECK(seen.of(kind("c"), true) == 2);
    seen.finished(kind("a"), true);
    CHECK(seen.of(kind("c"), true) == 1);
    seen.wants(kind("a"), 1.2, true);
    CHECK(seen.of(kind("c"), true) == 2);
}

TEST_CASE("a plan that a task only follows says nothing about its request") {
    GrowthSeen seen;
    seen.wants(kind("a"), 1, true);
    CHECK(seen.of(kind("b"), true) == 1);
}
