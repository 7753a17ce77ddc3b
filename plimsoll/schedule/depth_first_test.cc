// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/schedule/depth_first.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>

#include "plimsoll/base/random.h"
#include "plimsoll/schedule/dry_run.h"

using namespace plimsoll;
using namespace plimsoll::schedule;
using namespace std::chrono_literals;

namespace {

std::vector<TaskId> order_of(const DepthFirst& depth) {
    std::vector<TaskId> order(depth.size());
    std::iota(order.begin(), order.end(), 0);
    std::ranges::stable_sort(order, {}, [&](TaskId task) { return depth.place(task); });
    return order;
}

using Tasks = std::vector<TaskId>;

/// Three samples, each unpacked (0 1 2) and then counted (3 4 5), one core; all counts are joined (6).
std::vector<DryTask> samples() {
    std::vector<DryTask> tasks;
    const auto add = [&](Tasks needs) {
        tasks.push_back({.amounts = {.cpu = 1_cores, .memory = 1_GiB}, .runtime = 10s, .needs = std::move(needs)});
    };
    for (int sample = 0; sample < 3; ++sample) add({});
    for (TaskId sample = 0; sample < 3; ++sample) add({sample});
    add({3, 4, 5});
    return tasks;
}

Tasks started(const DryRun& run) {
    Tasks tasks;
    for (const DryStart& start : run.starts) tasks.push_back(start.task);
    return tasks;
}

}  // namespace

TEST_CASE("each sample is done before the next is begun") {
    const Node one_core[] = {{.id = 0, .name = "here", .capacity = {.cpu = 1_cores, .memory = 4_GiB}}};
    CHECK(started(dry_run(samples(), one_core)) == Tasks{0, 1, 2, 3, 4, 5, 6});
    std::vector<QueueSpec> queues = default_queues();
    queues.back().discipline = Discipline::depth;
    CHECK(started(dry_run(samples(), one_core, queues)) == Tasks{0, 3, 1, 4, 2, 5, 6});
}

// Liu's order: the branch that holds 9 and leaves 1 goes before the one that holds 5 and leaves 3, so that the most is
// max(9, 1 + 5) and not max(5, 3 + 9).
TEST_CASE("of two branches that goes first which gives back more") {
    DepthFirst depth;
    depth.join(0, {}, {.running = 2, .leaves = 3});
    depth.join(1, {}, {.running = 8, .leaves = 1});
    depth.join(2, Tasks{0, 1}, {.running = 1, .leaves = 0});
    depth.refresh();
    CHECK(order_of(depth) == Tasks{1, 0, 2});
}

TEST_CASE("what joins later stands behind what it needs, or at the end") {
    DepthFirst depth;
    for (TaskId task = 0; task < 4; ++task) depth.join(task, {}, {});
    CHECK_FALSE(depth.refresh());
    depth.join(4, Tasks{1}, {});
    depth.join(5, {}, {});
    CHECK_FALSE(depth.refresh());
    CHECK(order_of(depth) == Tasks{0, 1, 4, 2, 3, 5});
    for (TaskId task = 6; task < 12; ++task) depth.join(task, Tasks{task - 6}, {});
    depth.refresh();
    CHECK(order_of(depth).front() == 0);
    CHECK(order_of(depth)[1] == 6);
}

TEST_CASE("in random graphs everybody has a place of his own, behind all he needs; chains of 100,000 too") {
    for (std::uint64_t seed = 1; seed <= 30; ++seed) {
        CAPTURE(seed);
        Rng rng(seed);
        DepthFirst depth;
        std::vector<Tasks> needs(60);
        for (TaskId task = 0; task < needs.size(); ++task) {
            for (auto n = rng.between(0, 3); n > 0 && task > 0; --n)
                needs[task].push_back(static_cast<TaskId>(rng.between(0, static_cast<int>(task) - 1)));
            depth.join(task, needs[task], {.running = 10 * rng.uniform(), .leaves = rng.uniform()});
        }
        depth.refresh();
        for (TaskId task = 0; task < needs.size(); ++task)
            for (const TaskId need : needs[task]) CHECK(depth.place(need) < depth.place(task));
    }
    DepthFirst chain;
    chain.join(0, {}, {});
    for (TaskId task = 1; task < 100'000; ++task) chain.join(task, Tasks{task - 1}, {});
    chain.refresh();
    CHECK(chain.place(99'999) == 99'999);
}
