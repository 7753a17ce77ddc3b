// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/report/waits.h"

#include <doctest/doctest.h>

using namespace plimsoll;
using namespace plimsoll::report;
using namespace std::chrono_literals;

namespace {

/// Attempts on a machine of 4 cores and 8 GiB, each of a group.
struct Gathered {
    std::vector<AttemptRecord> attempts;
    std::vector<AttemptTimes> times;
    std::vector<std::string> groups;

    void ran(const std::string& group, Span run, double cpu, Bytes memory = 1_GiB) {
        attempts.emplace_back();
        times.push_back({.ready = run.from,
                         .run = run,
                         .freezes = {},
                         .changes = {},
                         .reserved = {{run, static_cast<double>(memory.count), cpu}},
                         .used = {}});
        groups.push_back(group);
    }
    void waited(const std::string& group, Span wait, const std::string& lack) {
        ran(group, {wait.until, wait.until}, 1);
        times.back().ready = wait.from;
        attempts.back().wait = WaitRecord{.time = wait.until - wait.from, .after = {}, .lack = lack};
    }
    std::vector<Waits> waits() const { return waits_of(attempts, times, groups, {.cpu = 4_cores, .memory = 8_GiB}); }
};

}  // namespace

TEST_CASE("what started at once has not waited") {
    Gathered all;
    all.ran("a", {0s, 10s}, 1);
    all.waited("b", {10s, 10s + shortest_wait / 2}, "cpu");
    CHECK(all.waits().empty());
}

// a holds 2 of 4 cores over all of the ten seconds, b 2 of 4 over half of them: 50 % and 25 %.
TEST_CASE("who waited is told who held the cores meanwhile, by the time they held them") {
    Gathered all;
    all.ran("a", {0s, 20s}, 2);
    all.ran("b", {5s, 30s}, 2);
    all.waited("c", {0s, 10s}, "cpu");
    const std::vector<Waits> waits = all.waits();
    REQUIRE(waits.size() == 1);
    CHECK(waits[0].group == "c");
    CHECK(waits[0].total == 10s);
    REQUIRE(waits[0].holders.size() == 2);
    CHECK(waits[0].holders[0].group == "a");
    CHECK(waits[0].holders[0].share == doctest::Approx(0.5));
    CHECK(waits[0].holders[1].share == doctest::Approx(0.25));
}

TEST_CASE("where memory was short the holders are those of memory") {
    Gathered all;
    all.ran("a", {0s, 10s}, 4, 1_GiB);
    all.ran("b", {0s, 10s}, 0, 6_GiB);
    all.waited("c", {2s, 4s}, "memory");
    const std::vector<Waits> waits = all.waits();
    REQUIRE(waits.size() == 1);
    CHECK(waits[0].holders == std::vector<Waits::Holder>{{"b", 0.75}, {"a", 0.125}});
}

TEST_CASE("the group that waited the longest in all comes first, its causes by their time") {
    Gathered all;
    all.waited("a", {0s, 3s}, "cpu");
    all.waited("b", {0s, 1s}, "cpu");
    all.waited("b", {0s, 4s}, "order");
    const std::vector<Waits> waits = all.waits();
    REQUIRE(waits.size() == 2);
    CHECK(waits[0].group == "b");
    CHECK(waits[0].attempts == 2);
    CHECK(waits[0].longest == 4s);
    CHECK(waits[0].lacks == std::vector<std::pair<std::string, Duration>>{{"order", 4s}, {"cpu", 1s}});
    CHECK(waits[1].group == "a");
}

TEST_CASE("of a machine of unknown size nobody's share is told") {
    Gathered all;
    all.ran("a", {0s, 20s}, 2);
    all.waited("c", {0s, 10s}, "cpu");
    CHECK(waits_of(all.attempts, all.times, all.groups, {}).front().holders.empty());
}
