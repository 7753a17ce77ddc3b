// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/loop/start_reason.h"

#include <doctest/doctest.h>

using namespace plimsoll;
using namespace plimsoll::loop;
using namespace std::chrono_literals;

TEST_CASE("a backfill is told with who waits, by name, and when that one starts") {
    CHECK(start_reason({.cause = StartCause::ends_before, .first = "align[s3]", .first_starts_in = 12s}) ==
          "backfill: done before align[s3] can start in 12.0 s");
    CHECK(start_reason({.cause = StartCause::beside, .first = "align[s3]", .first_starts_in = 12s}) ==
          "backfill: room beside align[s3], which starts in 12.0 s");
}

TEST_CASE("no time is told that rests on a runtime which nobody knows") {
    CHECK(start_reason({.cause = StartCause::beside, .first = "sort"}) ==
          "backfill: room beside sort, which waits for tasks of unknown runtime");
    CHECK(start_reason({.cause = StartCause::ends_before, .has_runtime = false, .first = "sort"}) ==
          "backfill: runtime unknown, taken to be done before sort can start, which waits for tasks of unknown "
          "runtime");
    CHECK(start_reason(
              {.cause = StartCause::ends_before, .has_runtime = false, .first = "sort", .first_starts_in = 3h}) ==
          "backfill: runtime unknown, taken to be done before sort can start in 3h 00m");
}

TEST_CASE("who starts in order has no one to name") {
    CHECK(start_reason({.cause = StartCause::first_in_line}) == "critical path: first in line");
    CHECK(start_reason({.cause = StartCause::first_in_line, .discipline = Discipline::depth}) ==
          "depth first: first in line");
    CHECK(start_reason({.cause = StartCause::first_in_line, .is_planned = true}) ==
          "the order that was rehearsed: first in line");
    CHECK(start_reason({.cause = StartCause::first_in_line, .kept_ahead = std::chrono::seconds(12)}) ==
          "critical path: first in line; room had been kept for it ahead of need, for 12.0 s");
    CHECK(start_reason({.cause = StartCause::deadline_near}) == "its deadline is near");
    CHECK(start_reason({.cause = StartCause::room_kept}) == "room was kept for it from now on, for a deadline");
}
