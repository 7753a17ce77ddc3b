// SPDX-License-Identifier: Apache-2.0
// Plans for tasks whose needs change over their time.
#include <doctest/doctest.h>

#include <utility>
#include <vector>

#include "plimsoll/schedule/plans_for_test.h"

using namespace plimsoll;
using namespace plimsoll::schedule;
using namespace std::chrono_literals;

namespace {

/// So many cores for so many seconds, one phase after another.
Candidate phased(TaskId id, const std::vector<std::pair<double, double>>& cores_for_seconds, double rank = 0) {
    Candidate made{.task = id, .rank = rank};
    for (const auto& [cores, length] : cores_for_seconds) {
        made.runtime += from_seconds(length);
        made.phases.push_back({made.runtime, {.cpu = {cores}}});
    }
    made.amounts = most_of(made.phases);
    return made;
}

}  // namespace

// Eight cores. Task 1 takes 6, then 1; task 2 takes 2, then 6: flat, they would be 6 + 6.
TEST_CASE("tasks start beside each other where their phases fit into one another") {
    std::vector<Calendar> nodes{Calendar({.cpu = 8_cores})};
    Queue queue;
    queue.push(phased(1, {{6, 5}, {1, 20}}, 9));
    queue.push(phased(2, {{2, 5}, {6, 20}}, 8));
    const Plan made = plan(queue, {at(0), nodes});
    REQUIRE(started(made) == Tasks{1, 2});
    CHECK(made.starts[1].reservation.phases.size() == 2);
    CHECK(made.starts[1].reservation.end == at(25));
    Queue flat;
    flat.push(task(1, 6, 25s, 9));
    flat.push(task(2, 6, 25s, 8));
    CHECK(started(plan(flat, {at(0), nodes})) == Tasks{1});
}

TEST_CASE("a task that does not fit for a later phase is held the start at which all fit") {
    std::vector<Calendar> nodes{Calendar({.cpu = 8_cores})};
    nodes[0].add({.amounts = {.cpu = 5_cores}, .start = at(0), .end = at(30), .node = 0});
    Queue queue;
    queue.push(phased(1, {{1, 10}, {6, 10}}, 9));
    queue.push(task(2, 3, 15s, 8));
    queue.push(task(3, 2, 100s, 7));
    queue.push(task(4, 1, 100s, 6));
    const Plan made = plan(queue, {at(0), nodes});
    REQUIRE(made.waits.size() == 1);
    CHECK(made.waits[0].reservation.start == at(20));
    CHECK(made.waits[0].reason == "cpu would be short 10.0 s into it: waits another 20.0 s");
    // Task 2 is done before it starts, and leaves no room; else 3 would have started, beside the large phase too.
    CHECK(started(made) == Tasks{2});
    CHECK(made.starts[0].cause == StartCause::ends_before);
    CHECK(made.starts[0].first == 1);
    CHECK(made.starts[0].first_start == at(20));
}

TEST_CASE("what slips in leaves alone the later phases of the first in line") {
    std::vector<Calendar> nodes{Calendar({.cpu = 8_cores})};
    nodes[0].add({.amounts = {.cpu = 5_cores}, .start = at(0), .end = at(30), .node = 0});
    Queue queue;
    queue.push(phased(1, {{1, 10}, {6, 10}}, 9));
    queue.push(task(2, 3, 31s, 8));
    queue.push(task(3, 2, 100s, 7));
    // From 30 s on task 1 leaves two cores: enough for task 3, not for task 2.
    CHECK(started(plan(queue, {at(0), nodes})) == Tasks{3});
}

TEST_CASE("tasks are of one group only if all their phases are the same") {
    Queue queue;
    queue.push(phased(1, {{3, 5}, {1, 5}}));
    queue.push(phased(2, {{3, 5}, {1, 5}}));
    queue.push(phased(3, {{3, 4}, {1, 6}}));
    queue.push(phased(4, {{1, 5}, {3, 5}}));
    queue.push(task(5, 3, 10s));
    queue.push(phased(6, {{3, 2}, {3, 8}}));
    CHECK(queue.groups().size() == 4);
    queue.erase(1);
    CHECK(queue.ask(2).phases.size() == 2);
    CHECK(queue.ask(6).need == queue.ask(5).need);
}

TEST_CASE("a task of which one phase exceeds every node is too large") {
    std::vector<Calendar> nodes{Calendar({.cpu = 2_cores})};
    Queue queue;
    queue.push(phased(1, {{1, 5}, {3, 5}}));
    CHECK(plan(queue, {at(0), nodes}).too_large == Tasks{1});
}

TEST_CASE("best fit looks at what is left at once") {
    std::vector<Calendar> nodes{Calendar({.cpu = 8_cores}), Calendar({.cpu = 8_cores})};
    nodes[1].add({.amounts = {.cpu = 6_cores}, .start = at(0), .end = at(5), .node = 1});
    Queue queue;
    queue.push(phased(1, {{2, 5}, {8, 5}}));
    const Plan made = plan(queue, {at(0), nodes});
    REQUIRE(made.starts.size() == 1);
    CHECK(made.starts[0].reservation.node == 1);
}
