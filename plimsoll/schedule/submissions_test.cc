// SPDX-License-Identifier: Apache-2.0
// Work that was handed in apart: who goes first, and what becomes of promises.
#include <doctest/doctest.h>

#include "plimsoll/schedule/dry_run.h"
#include "plimsoll/schedule/plans_for_test.h"

using namespace plimsoll;
using namespace plimsoll::schedule;
using namespace std::chrono_literals;

namespace {

DryTask job(std::uint32_t submission, double cpu, Duration runtime, Duration arrives = {},
            std::vector<TaskId> needs = {}) {
    return {.amounts = {.cpu = {cpu}},
            .runtime = runtime,
            .needs = std::move(needs),
            .arrives = arrives,
            .submission = submission};
}

Tasks order_of(const std::vector<DryTask>& tasks, double cores) {
    const Node node{.id = 0, .name = "here", .capacity = {.cpu = {cores}}};
    Tasks order;
    for (const DryStart& start : dry_run(tasks, std::span(&node, 1)).starts) order.push_back(start.task);
    return order;
}

}  // namespace

// One at a time fits; of the machine they take 100 s, 40 s and 60 s.
TEST_CASE(
    "of jobs handed in apart the one that takes least of the machine goes first, of one workflow the longest path") {
    CHECK(order_of({job(0, 4, 100s), job(1, 4, 40s), job(2, 4, 60s)}, 4) == Tasks{1, 2, 0});
    CHECK(order_of({job(0, 4, 100s), job(0, 4, 40s), job(0, 4, 60s)}, 4) == Tasks{0, 2, 1});
}

// The workflow takes 120 s of the machine, the job 50 s: the workflow's long path does not put it first.
TEST_CASE("a long workflow's path does not go before a short job") {
    CHECK(order_of({job(0, 4, 100s), job(0, 4, 20s, 0s, {0}), job(1, 4, 50s)}, 4) == Tasks{2, 0, 1});
}

// While the first runs, 100 jobs of 10 s arrive, one every 10 s, each better than the one of 60 s by 50 s of the
// machine and 50 s of length: 6 x 50 + 0.4 x 50 = 320 s in the order, worth 3200 s of waiting.
TEST_CASE("a larger job is overtaken for a time, and no longer") {
    std::vector<DryTask> jobs = {job(0, 4, 10s), job(1, 4, 60s)};
    for (std::uint32_t at = 0; at < 500; ++at) jobs.push_back(job(2 + at, 4, 10s, std::chrono::seconds(10 * (at + 1))));
    const Tasks order = order_of(jobs, 4);
    const auto place = std::find(order.begin(), order.end(), TaskId{1}) - order.begin();
    CHECK(place >= 315);
    CHECK(place <= 325);
}

TEST_CASE("nothing is known of a job before it arrives") {
    const std::vector<DryTask> jobs = {job(0, 4, 100s), job(1, 4, 10s, 5s)};
    const Node node{.id = 0, .name = "here", .capacity = {.cpu = 4_cores}};
    const DryRun run = dry_run(jobs, std::span(&node, 1));
    CHECK(run.starts == std::vector<DryStart>{{0, 0, 0s, 100s}, {1, 0, 100s, 110s}});
    CHECK(run.makespan == 110s);
}

// A is promised 10 s. B, better, comes: A's promise was not broken by a wrong prediction, so that A is not late when
// it is first in line again.
TEST_CASE("whoever goes behind a better one is promised anew when its turn comes") {
    std::vector<Calendar> nodes{Calendar({.cpu = 4_cores})};
    nodes[0].add({.amounts = {.cpu = 4_cores}, .start = at(0), .end = at(10), .node = 0});
    constexpr TaskId a = 1, b = 2;
    Queue queue;
    queue.push(task(a, 4, 5s, 10));
    plan(queue, {at(0), nodes});
    CHECK(queue.promise(a) == at(10));
    queue.push(task(b, 4, 50s, 20));
    plan(queue, {at(1), nodes});
    CHECK(queue.promise(b) == at(10));
    CHECK(queue.promise(a) == std::nullopt);
}
