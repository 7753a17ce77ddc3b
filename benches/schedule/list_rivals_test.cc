// SPDX-License-Identifier: Apache-2.0
#include "benches/schedule/list_rivals.h"

#include <doctest/doctest.h>

#include <vector>

using namespace plimsoll;
using namespace plimsoll::benches;
using namespace std::chrono_literals;

namespace {

schedule::DryTask task(double cpu, Duration runtime, std::vector<TaskId> needs = {}) {
    return {.amounts = {.cpu = {cpu}}, .runtime = runtime, .needs = std::move(needs)};
}

std::vector<Node> nodes_of(std::initializer_list<double> cores) {
    std::vector<Node> nodes;
    for (const double each : cores)
        nodes.push_back({.id = static_cast<NodeId>(nodes.size()), .name = "node", .capacity = {.cpu = {each}}});
    return nodes;
}

}  // namespace

// Two cores; a chain of 1 s and 10 s behind two tasks of 5 s. FIFO runs those first: 5 + 1 + 10.
// By rank the chain goes first: 1 + 10, and the others run beside it.
TEST_CASE("HEFT sees the long way, FIFO does not") {
    const std::vector<schedule::DryTask> tasks = {task(1, 5s), task(1, 5s), task(1, 1s), task(1, 10s, {2})};
    const std::vector<Node> two = nodes_of({2});
    CHECK(fifo_best_fit(tasks, two) == 16s);
    CHECK(heft(tasks, two) == 11s);
    CHECK(lower_bound(tasks, two) == 11s);
}

// The gap of 4 s before the last task that needs both cores takes a task that comes later in the order.
TEST_CASE("HEFT fills gaps") {
    const std::vector<schedule::DryTask> tasks = {task(1, 4s), task(2, 6s, {0}), task(1, 3s)};
    CHECK(heft(tasks, nodes_of({2})) == 10s);
}

// Best fit leaves the large node to the large task.
TEST_CASE("FIFO takes the node that a task fills best, and lets others pass one that fits nowhere") {
    const std::vector<schedule::DryTask> fitting = {task(1, 10s), task(4, 10s)};
    CHECK(fifo_best_fit(fitting, nodes_of({4, 1})) == 10s);
    const std::vector<schedule::DryTask> passing = {task(3, 10s), task(4, 10s), task(1, 10s)};
    CHECK(fifo_best_fit(passing, nodes_of({4})) == 20s);
}
