// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/schedule/queues.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include "plimsoll/base/random.h"
#include "plimsoll/schedule/plans_for_test.h"

using namespace plimsoll;
using namespace plimsoll::schedule;
using namespace std::chrono_literals;

namespace {

constexpr QueueId a = 1, b = 2;

std::vector<QueueSpec> two_queues(double weight_a, double weight_b, Discipline discipline = Discipline::fair) {
    return {{.path = "", .discipline = discipline},
            {.path = "a", .parent = 0, .weight = weight_a},
            {.path = "b", .parent = 0, .weight = weight_b}};
}

/// A machine on which tasks of both queues never run out: what they used of it, in core-seconds.
struct Contention {
    Queues queues;
    std::vector<Calendar> nodes;
    TaskId next = 0;
    Instant now{};
    std::multimap<Instant, std::pair<TaskId, Reservation>> running = {};
    std::map<QueueId, double> used_s = {};
    std::map<TaskId, QueueId> of_task = {};

    Contention(std::vector<QueueSpec> specs, double cores)
        : queues(std::move(specs)), nodes{Calendar({.cpu = {cores}})} {
        queues.shares().set_capacity({.cpu = {cores}});
    }

    void push(QueueId queue, double cpu, Duration runtime) {
        of_task[next] = queue;
        queues.push(task(next++, cpu, runtime), queue);
    }

    void start_what_fits() {
        for (const Start& start : plan(queues, {now, nodes}).starts) {
            const QueueId queue = of_task[start.task];
            const Duration length = start.reservation.end - start.reservation.start;
            queues.erase(start.task);
            queues.shares().serve(queue, start.reservation.amounts, seconds(length));
            nodes[0].add(start.reservation);
            used_s[queue] += seconds(length) * start.reservation.amounts.cpu.count;
            running.emplace(start.reservation.end, std::pair{start.task, start.reservation});
        }
    }

    /// Plays until then; every task that ends is followed by one of `again`.
    template <class Again>
    void play(Instant until, const Again& again) {
        start_what_fits();
        while (!running.empty() && running.begin()->first < until) {
            now = running.begin()->first;
            while (!running.empty() && running.begin()->first == now) {
                const auto [task, held] = running.begin()->second;
                running.erase(running.begin());
                nodes[0].remove(held);
                queues.shares().add_held(of_task[task], Resources{} - held.amounts, -1);
                again(of_task[task]);
            }
            start_what_fits();
        }
    }
};

}  // namespace

TEST_CASE("two queues of weights 3 : 1 hold the machine 3 : 1, whoever asks for more") {
    Contention world(two_queues(3, 1), 4);
    for (int n = 0; n < 10; ++n) world.push(a, 0.5, 4s);
    for (int n = 0; n < 100; ++n) world.push(b, 0.5, 4s);
    world.play(at(400), [&](QueueId queue) { world.push(queue, 0.5, 4s); });
    CHECK(world.used_s[a] / world.used_s[b] == doctest::Approx(3).epsilon(0.01));
}

// On two cores tasks of a whole one hold 1 : 1 at every instant, whatever the weights: only turns over time can share
// 3 : 1. Tasks of b take three times as long as those of a: of 12 core-seconds a takes 9 in nine turns, b one of 3.
TEST_CASE("where a share is less than a task, fair queueing still shares over time") {
    for (const auto& [discipline, expected] : {std::pair{Discipline::fair, 1.0}, std::pair{Discipline::sfq, 3.0}}) {
        Contention world(two_queues(3, 1, discipline), 2);
        for (int n = 0; n < 4; ++n) world.push(a, 1, 1s), world.push(b, 1, 3s);
        world.play(at(900), [&](QueueId queue) { world.push(queue, 1, queue == a ? 1s : 3s); });
        CHECK(world.used_s[a] / world.used_s[b] == doctest::Approx(expected).epsilon(0.02));
    }
}

TEST_CASE("what one queue does not use the other has, and gives back as its tasks end") {
    Contention world(two_queues(1, 1), 4);
    for (int n = 0; n < 8; ++n) world.push(a, 1, 10s);
    world.play(at(10), [](QueueId) {});
    CHECK(world.queues.shares().share(a) == doctest::Approx(1));
    for (int n = 0; n < 4; ++n) world.push(b, 1, 10s);
    world.play(at(20), [](QueueId) {});
    CHECK(world.queues.shares().share(b) == doctest::Approx(0.5));
}

TEST_CASE("a plan tells whose turn it was and leaves the shares as they stood") {
    Queues queues(two_queues(1, 1));
    queues.shares().set_capacity({.cpu = 4_cores});
    const std::vector<Calendar> nodes{Calendar({.cpu = 4_cores})};
    for (TaskId id = 0; id < 3; ++id) queues.push(task(id, 1, 5s, 100), a);
    queues.push(task(3, 1, 5s), b);
    const Plan made = plan(queues, {at(0), nodes});
    CHECK(started(made) == Tasks{0, 3, 1, 2});
    CHECK(made.starts[2].turn == QueueTurn{.queue = a, .share = 0.25, .due = 0.5, .rivals = 1});
    CHECK(queues.shares().share(a) == 0);
    CHECK(started(plan(queues, {at(0), nodes})) == Tasks{0, 3, 1, 2});
}

TEST_CASE("a queue at its limit waits, and says whose limit it is, while others go on") {
    std::vector<QueueSpec> specs = two_queues(1, 1);
    specs[a].most.cpu = 1.5_cores;
    Queues queues(specs);
    queues.shares().set_capacity({.cpu = 4_cores});
    const std::vector<Calendar> nodes{Calendar({.cpu = 4_cores})};
    for (TaskId id = 0; id < 3; ++id) queues.push(task(id, 1, 5s), a);
    queues.push(task(3, 1, 5s), b);
    const Plan made = plan(queues, {at(0), nodes});
    CHECK(started(made) == Tasks{0, 3});
    CHECK(made.limited == std::vector<Limited>{{1, a}});
    CHECK(made.waits.empty());
}

TEST_CASE("in a queue: who came first, the higher priority, the sooner deadline") {
    const auto order = [](Discipline discipline) {
        std::vector<QueueSpec> specs = default_queues();
        specs[1].discipline = discipline;
        Queues queues(specs);
        queues.push(
            {.task = 0, .amounts = {.cpu = 1_cores}, .runtime = 1s, .priority = 1, .rank = 5, .handed_in = at(30)}, 1);
        queues.push({.task = 1, .amounts = {.cpu = 1_cores}, .runtime = 1s, .rank = 9000, .handed_in = at(20)}, 1);
        Candidate due{.task = 2, .amounts = {.cpu = 1_cores}, .runtime = 1s, .rank = 1, .handed_in = at(40)};
        due.deadline = at(100'000);
        queues.push(due, 1);
        const std::vector<Calendar> nodes{Calendar({.cpu = 4_cores})};
        return started(plan(queues, {at(50), nodes}));
    };
    CHECK(order(Discipline::path) == Tasks{1, 0, 2});
    CHECK(order(Discipline::fifo) == Tasks{1, 0, 2});
    CHECK(order(Discipline::priority) == Tasks{0, 1, 2});
    CHECK(order(Discipline::edf) == Tasks{2, 1, 0});
}

TEST_CASE("room is left for another run when it is its queue's turn, and no more than that") {
    Queues queues(two_queues(1, 1));
    queues.shares().set_capacity({.cpu = 4_cores});
    queues.shares().set_held(a, {.cpu = 1_cores}, 1);
    const std::vector<Calendar> nodes{Calendar({.cpu = 3_cores})};
    for (TaskId id = 0; id < 4; ++id) queues.push(task(id, 1, 5s), a);
    queues.set_neighbours({{.queue = b, .ask = {.cpu = 1_cores}, .run = 7}});
    const Plan made = plan(queues, {at(0), nodes});
    CHECK(started(made) == Tasks{0, 1});
    CHECK(made.yields == std::vector<Yield>{{b, 7, {.cpu = 1_cores}, true}});
    queues.set_neighbours({});
    CHECK(started(plan(queues, {at(0), nodes})) == Tasks{0, 1, 2});
}

// Eight places, and both are new: a is due six of them.
TEST_CASE("room is left for as many tasks of another run as are due to it") {
    Queues queues(two_queues(3, 1));
    queues.shares().set_capacity({.cpu = 8_cores});
    const std::vector<Calendar> nodes{Calendar({.cpu = 8_cores})};
    for (TaskId id = 0; id < 9; ++id) queues.push(task(id, 1, 5s), b);
    queues.set_neighbours({{.queue = a, .ask = {.cpu = 1_cores}, .run = 7, .waiting = 40}});
    const Plan made = plan(queues, {at(0), nodes});
    CHECK(started(made).size() == 2);
    CHECK(std::ranges::count(made.yields, true, &Yield::is_there) == 6);
    queues.set_neighbours({{.queue = a, .ask = {.cpu = 1_cores}, .run = 7, .waiting = 2}});
    CHECK(started(plan(queues, {at(0), nodes})).size() == 6);
}

TEST_CASE("a task of another run that does not fit yet is not overtaken by what would delay it") {
    Queues queues(two_queues(1, 1));
    queues.shares().set_capacity({.cpu = 4_cores});
    queues.shares().set_held(a, {.cpu = 3_cores}, 3);
    std::vector<Calendar> nodes{Calendar({.cpu = 4_cores})};
    nodes[0].add({.amounts = {.cpu = 3_cores}, .start = at(0), .end = at(10), .node = 0});
    queues.push(task(0, 1, 60s), a);
    queues.push(task(1, 1, 5s), a);
    queues.set_neighbours({{.queue = b, .ask = {.cpu = 4_cores}, .run = 7}});
    const Plan made = plan(queues, {at(0), nodes});
    CHECK(started(made) == Tasks{1});
    REQUIRE(made.yields.size() == 1);
    CHECK_FALSE(made.yields[0].is_there);
}

// Leaves of one tree with random weights, all with work of one core for random times, on as many cores as 20 times the
// weights: at every instant a queue holds within one task of its due.
TEST_CASE("random contention: nobody holds a task more or less than is due") {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        CAPTURE(seed);
        Rng rng(seed);
        std::vector<QueueSpec> specs{{.path = "", .discipline = Discipline::fair}};
        double weights = 0;
        for (int n = 0; n < 5; ++n) {
            specs.push_back({.path = std::string(1, static_cast<char>('a' + n)),
                             .parent = 0,
                             .weight = static_cast<double>(rng.between(1, 4))});
            weights += specs.back().weight;
        }
        Contention world(specs, 4 * weights);
        const auto length = [&] { return std::chrono::seconds(rng.between(1, 9)); };
        for (QueueId queue = 1; queue <= 5; ++queue)
            for (int n = 0; n < 40; ++n) world.push(queue, 1, length());
        for (int until_s = 1; until_s < 100; ++until_s) {
            world.play(at(until_s), [&](QueueId ended) { world.push(ended, 1, length()); });
            for (QueueId queue = 1; queue <= 5; ++queue)
                CHECK(std::abs(world.queues.shares().held(queue).cpu.count - 4 * specs[queue].weight) <= 1 + 1e-9);
        }
    }
}
