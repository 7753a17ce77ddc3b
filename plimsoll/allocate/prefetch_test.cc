// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/allocate/prefetch.h"

#include <doctest/doctest.h>

namespace plimsoll::allocate {
namespace {

using std::chrono::seconds;
using Tasks = std::vector<TaskId>;

const Instant now{seconds(100)};

TEST_CASE("what comes within the lead time is read ahead, the soonest first") {
    const std::vector<Coming> coming = {{1, now + seconds(8)}, {2, now + seconds(30)}, {3, now + seconds(2)}};
    CHECK(worth_prefetching(coming, now, seconds(10)) == Tasks{3, 1});
}

TEST_CASE("what is late already comes first, and what nobody knows of last") {
    const std::vector<Coming> coming = {{1, std::nullopt}, {2, now + seconds(5)}, {3, now - seconds(5)}};
    CHECK(worth_prefetching(coming, now, seconds(10)) == Tasks{3, 2, 1});
}

TEST_CASE("of equals the longer way to the end goes first") {
    const std::vector<Coming> coming = {{1, now, 5}, {2, now, 20}, {3, now, 5}};
    CHECK(worth_prefetching(coming, now, seconds(10)) == Tasks{2, 1, 3});
}

}  // namespace
}  // namespace plimsoll::allocate
