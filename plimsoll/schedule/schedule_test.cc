// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/schedule/schedule.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <optional>
#include <set>
#include <vector>

#include "plimsoll/base/random.h"
#include "plimsoll/schedule/plans_for_test.h"
#include "plimsoll/schedule/walk.h"

using namespace plimsoll;
using namespace plimsoll::schedule;
using namespace std::chrono_literals;

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
    CHECK(plan.starts[0].cause == StartCause::ends_before);
    CHECK(plan.starts[1].cause == StartCause::beside);
    for (const Start& start : plan.starts) {
        CHECK(start.first == b);
        CHECK(start.first_start == at(10));
    }
}

TEST_CASE("a task that wants nothing of what the first in line lacks may start") {
    std::vector<Calendar> nodes{Calendar({.cpu = 4_cores, .gpu = 1})};
    nodes[0].add({.amounts = {.gpu = 1}, .start = at(0), .end = at(100), .node = 0});
    Queue queue;
    Candidate needs_gpu = task(1, 1, 10s, 50);
    needs_gpu.amounts.gpu = 1;
    queue.push(needs_gpu);
    queue.push(task(2, 2, 500s, 1));
    queue.push(task(3, 2, 500s, 0));
    // Task 2 leaves two cores for task 1; task 3 would leave none.
    CHECK(started(plan(queue, {at(0), nodes})) == Tasks{2});
}

TEST_CASE("a task starts only where as many GPUs have so much left, whatever their sum") {
    std::vector<Calendar> nodes{Calendar({.cpu = 4_cores, .gpu = 2})};
    nodes[0].add({.amounts = {.gpu = 1}, .start = at(0), .end = at(100), .node = 0});
    std::vector<DeviceNode> devices{idle_devices(2)};
    devices[0].devices = {500, 500};
    Queue queue;
    Candidate whole = task(1, 1, 10s, 50), half = task(2, 1, 10s, 1);
    whole.amounts.gpu = 1;
    half.amounts.gpu = 0.5;
    queue.push(whole);
    queue.push(half);
    const Plan split = plan(queue, {.now = at(0), .nodes = nodes, .devices = devices});
    CHECK(split.starts.empty());  // the half would be in the way of the whole one, which is first in line
    REQUIRE(split.waits.size() == 1);
    CHECK(split.waits[0].reason == "the GPUs that are free are not free as a whole");
    devices[0].devices = {0, 1000};
    CHECK(started(plan(queue, {.now = at(0), .nodes = nodes, .devices = devices})) == Tasks{1});
}

TEST_CASE("the longest path goes first, a step of priority before an hour of it, then the lower id") {
    std::vector<Calendar> nodes{Calendar({.cpu = 10_cores})};
    Queue queue;
    queue.push(task(1, 1, 5s, 10));
    queue.push(task(2, 1, 5s, 30));
    queue.push(task(3, 2, 5s, 30));
    Candidate urgent = task(4, 1, 5s, 0);
    urgent.priority = 1;
    queue.push(urgent);
    CHECK(started(plan(queue, {at(0), nodes})) == Tasks{4, 2, 3, 1});
}

TEST_CASE("a task whose deadline is near goes before all others") {
    std::vector<Calendar> nodes{Calendar({.cpu = 1_cores})};
    Queue queue;
    queue.push(task(1, 1, 5s, 1000));
    Candidate due = task(2, 1, 5s, 0);
    due.latest_start = at(40);
    queue.push(due);
    CHECK(started(plan(queue, {at(0), nodes})) == Tasks{1});
    const Plan later = plan(queue, {at(20), nodes});
    CHECK(started(later) == Tasks{2});
    CHECK(later.starts[0].cause == StartCause::deadline_near);
}

TEST_CASE("best fit: the node that is left fullest, the lowest of equals") {
    std::vector<Calendar> nodes{Calendar({.cpu = 8_cores}), Calendar({.cpu = 8_cores}), Calendar({.cpu = 8_cores})};
    nodes[1].add({.amounts = {.cpu = 5_cores}, .start = at(0), .end = at(100), .node = 1});
    Queue queue;
    queue.push(task(1, 3, 5s, 9));
    queue.push(task(2, 3, 5s, 8));
    const Plan made = plan(queue, {at(0), nodes});
    REQUIRE(started(made) == Tasks{1, 2});
    CHECK(made.starts[0].reservation.node == 1);
    CHECK(made.starts[1].reservation.node == 0);
}

TEST_CASE("what exceeds every node is said to, and holds nobody up") {
    std::vector<Calendar> nodes{Calendar({.cpu = 2_cores})};
    Queue queue;
    queue.push(task(1, 3, 5s, 9));
    queue.push(task(2, 2, 5s, 8));
    const Plan made = plan(queue, {at(0), nodes});
    CHECK(started(made) == Tasks{2});
    CHECK(made.too_large == Tasks{1});
    CHECK(made.waits.empty());
}

TEST_CASE("a task of unknown runtime slips in before nobody") {
    std::vector<Calendar> nodes{Calendar({.cpu = 4_cores})};
    nodes[0].add({.amounts = {.cpu = 2_cores}, .start = at(0), .end = at(10), .node = 0});
    Queue queue;
    queue.push(task(1, 4, 5s, 9));
    queue.push(task(2, 1, 0s, 8));
    CHECK(plan(queue, {at(0), nodes}).starts.empty());
}

// Tasks of 1 core are said to take 1 s and take 100. Each time one ends, the next would slip in before the
// task of 2 cores. Promised at 1 s, that one is late at 61 s; from then on nobody takes what it lacks.
TEST_CASE("nobody waits for ever, even where every runtime is forecast wrongly") {
    Queue queue;
    constexpr TaskId large = 1;
    queue.push(task(large, 2, 1s, 1000));
    Calendar node({.cpu = 2_cores});
    std::vector<Reservation> running;
    const auto hold = [&](Instant from, Instant until) {
        running.push_back({.amounts = {.cpu = 1_cores}, .start = from, .end = until, .node = 0});
    };
    hold(at(0), at(50));
    hold(at(0), at(100));
    std::optional<Instant> large_started;
    TaskId next = 2;
    for (int now_s = 0; now_s < 1000 && !large_started; now_s += 50) {
        const Instant now = at(now_s);
        std::erase_if(running, [&](const Reservation& r) { return r.end <= now; });
        for (int i = 0; i < 4; ++i) queue.push(task(next++, 1, 1s));
        // What runs looks as if it ended in 2 s at the latest: longer than a small task is said to take.
        Calendar seen({.cpu = 2_cores});
        for (const Reservation& r : running) seen.add({.amounts = r.amounts, .start = now, .end = now + 2s, .node = 0});
        for (const Start& start : plan(queue, {now, {&seen, 1}}).starts) {
            if (start.task == large) large_started = now;
            queue.erase(start.task);
            hold(now, now + 100s);
        }
    }
    REQUIRE(large_started);
    CHECK(*large_started <= at(300));
}

TEST_CASE("ageing: a stream of later tasks with longer paths overtakes only for so long") {
    Queue queue({.priority_worth = 3600, .ageing = 0.1});
    queue.push(task(0, 1, 1s, 1));
    int waited = 0;
    for (TaskId id = 1;; ++id, ++waited) {
        REQUIRE(waited < 200);
        Candidate rival = task(id, 1, 1s, 11);
        rival.handed_in = at(id);
        queue.push(rival);
        std::vector<Calendar> nodes{Calendar({.cpu = 1_cores})};
        const Tasks first = started(plan(queue, {at(id), nodes}));
        REQUIRE(first.size() == 1);
        queue.erase(first[0]);
        if (first[0] == 0) break;
    }
    // 10 s of path at a tenth of a second for each second of waiting: a hundred seconds.
    CHECK(waited == 99);
}

TEST_CASE("a task that is pushed again is there once, with its new ask") {
    Queue queue;
    queue.push(task(1, 4, 5s, 9));
    queue.promise(1, at(7));
    queue.push(task(1, 2, 5s, 9));
    CHECK(queue.size() == 1);
    CHECK(queue.ask(1).amounts.cpu == 2_cores);
    CHECK(queue.promise(1) == at(7));
    queue.erase(1);
    queue.erase(1);
    CHECK(queue.empty());
    CHECK(queue.groups().empty());
}

// The walk against sorting: tasks of random shapes come in order of place, and a skipped shape comes no more.
TEST_CASE("a walk gives every task in order, except those of groups that are passed over") {
    for (std::uint64_t seed = 1; seed <= 30; ++seed) {
        CAPTURE(seed);
        Rng rng(seed);
        Queue queue;
        std::vector<Candidate> all;
        for (TaskId id = 0; id < 60; ++id) {
            all.push_back(
                task(id, static_cast<double>(rng.between(1, 6)), 5s, static_cast<double>(rng.between(0, 20))));
            queue.push(all.back());
        }
        std::stable_sort(all.begin(), all.end(),
                         [](const Candidate& a, const Candidate& b) { return a.rank > b.rank; });
        std::set<double> skipped;
        Walk walk(queue);
        for (const Candidate& expected : all) {
            if (skipped.contains(expected.amounts.cpu.count)) continue;
            const auto item = walk.next();
            REQUIRE(item);
            REQUIRE(item->task == expected.task);
            if (rng.uniform() < 0.05) {
                walk.skip_group();
                skipped.insert(expected.amounts.cpu.count);
            }
        }
        CHECK_FALSE(walk.next());
    }
}

// Random clusters and asks; up to 64 nodes all that fit are compared, with the index as without.
TEST_CASE("an index of what is free changes no plan, only its cost") {
    for (std::uint64_t seed = 1; seed <= 30; ++seed) {
        CAPTURE(seed);
        Rng rng(seed);
        std::vector<Calendar> nodes(static_cast<std::size_t>(rng.between(1, 64)), Calendar({.cpu = 8_cores}));
        FreeIndex free(nodes.size());
        for (NodeId id = 0; id < nodes.size(); ++id) {
            nodes[id].add({.amounts = {.cpu = {static_cast<double>(rng.between(0, 8))}},
                           .start = at(0),
                           .end = at(static_cast<double>(rng.between(1, 9))),
                           .node = id});
            free.set(id, counts_of(nodes[id].free_at(at(0))));
        }
        Queue with, without;
        for (TaskId id = 0; id < 40; ++id) {
            const Candidate candidate = task(id, static_cast<double>(rng.between(1, 6)), 5s, rng.uniform());
            with.push(candidate);
            without.push(candidate);
        }
        const Plan one = plan(with, {at(0), nodes, &free}), other = plan(without, {at(0), nodes});
        CHECK(started(one) == started(other));
        for (std::size_t start = 0; start < one.starts.size(); ++start)
            CHECK(one.starts[start].reservation == other.starts[start].reservation);
    }
}
