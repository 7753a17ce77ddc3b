// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/schedule/reclaim.h"

#include <doctest/doctest.h>

#include <set>

#include "plimsoll/base/random.h"

using namespace plimsoll;
using namespace plimsoll::schedule;
using namespace std::chrono_literals;

namespace {

Resources of(const char* text) { return parse_resources(text).value(); }

/// A machine whose queues hold what runs in them, all of it tasks that may be stopped.
struct Machine {
    ShareTree shares;
    std::vector<Stoppable> running;
    std::vector<Resources> free;

    Machine(std::vector<QueueSpec> queues, std::vector<const char*> nodes)
        : shares(std::move(queues), all_of(nodes)), free(of_each(nodes)) {}

    static std::vector<Resources> of_each(const std::vector<const char*>& nodes) {
        std::vector<Resources> each;
        for (const char* node : nodes) each.push_back(of(node));
        return each;
    }
    static Resources all_of(const std::vector<const char*>& nodes) {
        Resources all;
        for (const Resources& node : of_each(nodes)) all += node;
        return all;
    }
    void run(QueueId queue, const char* held, double since_checkpoint_s, NodeId node = 0) {
        run(queue, of(held), since_checkpoint_s, node);
    }
    void run(QueueId queue, const Resources& held, double since_checkpoint_s, NodeId node) {
        running.push_back({.task = static_cast<TaskId>(running.size()),
                           .node = node,
                           .queue = queue,
                           .held = held,
                           .ran = 60s,
                           .since_checkpoint_s = since_checkpoint_s});
        shares.add_held(queue, held, 1);
        free[node] -= held;
    }
    std::set<TaskId> victims(QueueId queue, const char* ask) {
        std::set<TaskId> ids;
        if (const auto made = reclaim_for(queue, of(ask), running, free, shares))
            for (const Preemption::Victim& victim : made->victims) ids.insert(victim.task);
        return ids;
    }
};

QueueSpec root(Discipline discipline = Discipline::fair) { return {.path = "", .discipline = discipline}; }

using Ids = std::set<TaskId>;

}  // namespace

// Of four cores a and b are due two each; b holds all, by tasks of one core.
TEST_CASE("a queue below its share takes back the cheapest of what is borrowed, until each has its own") {
    Machine machine({root(), {.path = "a", .parent = 0}, {.path = "b", .parent = 0}}, {"cpu=4"});
    for (const double lost : {40, 10, 30, 20}) machine.run(2, "cpu=1", lost);
    machine.shares.set_pending(1, true);
    CHECK(may_claim(machine.shares, 1));
    CHECK(machine.victims(1, "cpu=1") == Ids{1});
    CHECK(machine.victims(1, "cpu=2") == Ids{1, 3});
    CHECK(machine.victims(1, "cpu=3") == Ids{});  // the third is b's own
    machine.shares.add_held(1, of("cpu=2"), 2);
    CHECK_FALSE(may_claim(machine.shares, 1));
}

TEST_CASE("nobody gives what is his own, on any node") {
    Machine machine({root(), {.path = "a", .parent = 0}, {.path = "b", .parent = 0}, {.path = "c", .parent = 0}},
                    {"cpu=3", "cpu=3"});
    for (const NodeId node : {0u, 0u, 1u}) machine.run(2, "cpu=1", 10, node);  // due two
    for (const NodeId node : {0u, 1u, 1u}) machine.run(3, "cpu=1", 20, node);  // likewise
    machine.shares.set_pending(1, true);
    CHECK(machine.victims(1, "cpu=1") == Ids{1});     // b's younger one on the first node
    CHECK(machine.victims(1, "cpu=2") == Ids{1, 3});  // one of b, one of c, of one node
    CHECK(machine.victims(1, "cpu=3") == Ids{});
}

TEST_CASE("what is guaranteed goes before shares, and is not given") {
    Machine machine({root(),
                     {.path = "a", .parent = 0, .guaranteed = {.cpu = 3_cores, .memory = {}, .gpu = {}}},
                     {.path = "b", .parent = 0}},
                    {"cpu=4"});
    machine.run(1, "cpu=2", 1);
    for (int task = 0; task < 2; ++task) machine.run(2, "cpu=1", 10);
    machine.shares.set_pending(1, true);
    CHECK(machine.victims(1, "cpu=1") == Ids{2});  // b goes below its half
    machine.shares.add_held(1, of("cpu=1"), 1);
    machine.shares.add_held(2, Resources{} - of("cpu=1"), 0);
    machine.shares.set_pending(2, true);
    CHECK(may_claim(machine.shares, 2));
    CHECK(machine.victims(2, "cpu=1") == Ids{});  // a would go below what it is guaranteed
}

TEST_CASE("branches claim from branches, and within one its children from each other") {
    Machine machine({root(),
                     {.path = "p", .parent = 0, .discipline = Discipline::fair},
                     {.path = "p/x", .parent = 1},
                     {.path = "p/y", .parent = 1},
                     {.path = "d", .parent = 0}},
                    {"cpu=8"});
    for (int task = 0; task < 4; ++task) machine.run(2, "cpu=1", 10);  // p has its half, by x alone
    for (int task = 0; task < 4; ++task) machine.run(4, "cpu=1", 1);
    machine.shares.set_pending(3, true);
    CHECK(machine.victims(3, "cpu=1") == Ids{3});  // y takes from x; p lacks nothing, so d gives nothing
    machine.shares.set_pending(2, true);
    CHECK_FALSE(may_claim(machine.shares, 2));
}

TEST_CASE("where turns go by time served or by priority, nothing is taken back") {
    for (const Discipline discipline : {Discipline::sfq, Discipline::priority}) {
        Machine machine({root(discipline), {.path = "a", .parent = 0}, {.path = "b", .parent = 0}}, {"cpu=2"});
        for (int task = 0; task < 2; ++task) machine.run(2, "cpu=1", 1);
        machine.shares.set_pending(1, true);
        CHECK_FALSE(may_claim(machine.shares, 1));
        CHECK(machine.victims(1, "cpu=1") == Ids{});
    }
}

// Whatever is held and asked for: who gives keeps his share, so that the one who gave has no claim; and nothing of it
// is left in the tree.
TEST_CASE("random machines: after a reclaim nobody who gave is below his share") {
    int reclaimed = 0;
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
        CAPTURE(seed);
        Rng rng(seed);
        const auto weight = [&] { return static_cast<double>(rng.between(1, 4)); };
        Machine machine({root(),
                         {.path = "p", .parent = 0, .weight = weight(), .discipline = Discipline::fair},
                         {.path = "p/x", .parent = 1, .weight = weight()},
                         {.path = "p/y", .parent = 1, .weight = weight()},
                         {.path = "d", .parent = 0, .weight = weight()}},
                        {"cpu=8 memory=8GiB", "cpu=8 memory=8GiB"});
        const QueueId leaves[] = {2, 3, 4};
        const QueueId claimant = leaves[rng.between(0, 2)];
        const auto any = [&] {
            return Resources{.cpu = {0.5 * static_cast<double>(rng.between(1, 4))},
                             .memory = Bytes{rng.between(1, 2) << 30}};
        };
        for (int n = 0; n < 40; ++n) {
            const auto node = static_cast<NodeId>(rng.between(0, 1));
            const Resources held = any();
            const QueueId queue = leaves[rng.between(0, 2)];
            if (queue != claimant && fits(held, machine.free[node]))
                machine.run(queue, held, static_cast<double>(rng.between(0, 100)), node);
        }
        machine.shares.set_pending(claimant, true);
        const ShareTree before = machine.shares;
        const auto made = reclaim_for(claimant, any(), machine.running, machine.free, machine.shares);
        for (QueueId queue = 0; queue < before.size(); ++queue) CHECK(machine.shares.held(queue) == before.held(queue));
        if (!made) continue;
        ++reclaimed;
        std::set<QueueId> gave;
        for (const Preemption::Victim& victim : made->victims) {
            const Stoppable& who = machine.running[victim.task];
            machine.shares.add_held(who.queue, Resources{} - who.held, 0);
            gave.insert(who.queue);
        }
        for (const QueueId queue : gave) CHECK(machine.shares.share(queue) >= machine.shares.due(queue) - 1e-9);
    }
    CHECK(reclaimed > 50);
}
