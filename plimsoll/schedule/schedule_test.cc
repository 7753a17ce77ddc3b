// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/schedule/schedule.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace plimsoll;
using namespace plimsoll::schedule;
using namespace std::chrono_literals;

namespace {

Instant at(double second) { return Instant{from_seconds(second)}; }

Candidate task(TaskId id, double cpu, Duration runtime, double rank = 0) {
    return {.task = id, .amounts = {.cpu = {cpu}}, .runtime = runtime, .rank = rank};
}

std::vector<TaskId> started(const Plan& plan) {
    std::vector<TaskId> tasks;
    for (const Start& start : plan.starts) tasks.push_back(start.task);
    return tasks;
}

using Tasks = std::vector<TaskId>;

}  // namespace

// 10 cores, 6 busy until 10 s. B (8 cores, 5 s) must wait until then and leaves 2 beside it; C (2, 9 s) ends
// before, D (4, 12 s) does not, E (2, 20 s) fits into the 2.
TEST_CASE("EASY: others start before the first in line only where they do not delay it") {
    std::vector<Calendar> nodes{Calendar({.cpu = 10_cores})};
    nodes[0].add({.amounts = {.cpu = 6_cores}, .start = at(0), .end = at(10), .node = 0});
    constexpr TaskId b = 1, c = 2, d = 3, e = 4;
    Queue queue;
    queue.push(task(b, 8, 5s, 40));
    queue.push(task(d, 4, 12s, 30));
    queue.push(task(c, 2, 9s, 20));
    queue.push(task(e, 2, 20s, 10));
    const Plan plan = schedule::plan(queue, {at(0), nodes});
    CHECK(started(plan) == Tasks{c, e});
    REQUIRE(plan.waits.size() == 1);
    CHECK(plan.waits[0].task == b);
    CHECK(plan.waits[0].reservation.start == at(10));
    CHECK(plan.waits[0].reason == "cpu is short for another 10.0 s");
    CHECK(plan.starts[0].reason == "backfill: done before task 1 can start in 10.0 s");
    CHECK(plan.starts[1].reason == "backfill: room beside task 1, which starts in 10.0 s");
}
