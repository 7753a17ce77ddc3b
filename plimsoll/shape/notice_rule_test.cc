// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/shape/notice_rule.h"

#include <doctest/doctest.h>

using namespace plimsoll;
using namespace plimsoll::shape;
using namespace std::chrono_literals;

namespace {

constexpr Instant start = Instant(10s);

/// `notices` of the kernel in every millisecond of a second, and what a look finds meanwhile.
struct Second {
    int looks = 0;
    int told = 0;
};
Second a_second_of(NoticeRule& rule, const machine::CgroupMemory& memory, bool has_notices) {
    Second second;
    for (Instant now = start; now < start + 1s; now += 1ms) {
        if (has_notices) rule.on_notice(now);
        if (rule.due() > now) continue;
        ++second.looks;
        second.told += rule.look(memory, now);
    }
    return second;
}

}  // namespace

TEST_CASE("need above the mark is told, and nothing is due until the kernel's next notice") {
    NoticeRule rule(100_MiB);
    CHECK(rule.due() == Instant::max());
    rule.on_notice(start);
    CHECK(rule.due() == start);
    CHECK(rule.look({.usage = 120_MiB, .need = 101_MiB}, start));
    CHECK(rule.due() == Instant::max());
}

TEST_CASE("a stall is told whatever the mark") {
    NoticeRule rule(Bytes{});
    CHECK(rule.look({.usage = 10_MiB, .need = 5_MiB, .is_stalled = true}, start));
    CHECK_FALSE(rule.look({.usage = 10_MiB, .need = 5_MiB}, start));
}

TEST_CASE("cache above the mark is looked at as often as need may come to it, and never told") {
    // From 60 MiB it takes a GiB/s 40 ms to the mark, less than the shortest pause of 50 ms; from nothing 1 s.
    NoticeRule near(100_MiB), far(1_GiB);
    near.on_notice(start);
    far.on_notice(start);
    const Second of_near = a_second_of(near, {.usage = 120_MiB, .need = 60_MiB}, false);
    CHECK(of_near.looks == 20);
    CHECK(of_near.told == 0);
    CHECK(a_second_of(far, {.usage = 2_GiB, .need = Bytes{}}, false).looks == 1);
}

TEST_CASE("a storm of notices gives twenty looks a second") {
    NoticeRule rule(100_MiB);
    CHECK(a_second_of(rule, {.usage = 99_MiB, .need = 60_MiB}, true).looks == 20);
}

// Pauses of 50, 100, 200, 400 and 800 ms: told at 0, 50, 150, 350 and 750 ms.
TEST_CASE("what nobody acts on is told ever less often") {
    NoticeRule rule(100_MiB);
    CHECK(a_second_of(rule, {.usage = 120_MiB, .need = 110_MiB}, true).told == 5);
}

TEST_CASE("a moved mark is watched as keenly as the first one") {
    NoticeRule rule(100_MiB);
    a_second_of(rule, {.usage = 120_MiB, .need = 110_MiB}, true);
    rule.set_mark(130_MiB);
    rule.on_notice(start + 1s);
    CHECK(rule.due() == start + 1s);
    CHECK_FALSE(rule.look({.usage = 120_MiB, .need = 110_MiB}, start + 1s));
}
