// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/schedule/preemption.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "plimsoll/base/random.h"

using namespace plimsoll;
using namespace plimsoll::schedule;
using namespace std::chrono_literals;

namespace {

Resources of(const char* text) { return parse_resources(text).value(); }

Stoppable runs(TaskId id, const char* held, double since_checkpoint_s, bool can_freeze = false, NodeId node = 0) {
    return {.task = id,
            .node = node,
            .held = of(held),
            .can_freeze = can_freeze,
            .ran = 60s,
            .since_checkpoint_s = since_checkpoint_s};
}

std::vector<TaskId> victims(const std::optional<Preemption>& made) {
    std::vector<TaskId> ids;
    if (made)
        for (const Preemption::Victim& victim : made->victims) ids.push_back(victim.task);
    return ids;
}

using Ids = std::vector<TaskId>;

}  // namespace

TEST_CASE("who loses least for what it frees is stopped, and nobody more than needed") {
    const std::vector<Stoppable> running{runs(1, "cpu=1", 100), runs(2, "cpu=1", 10), runs(3, "cpu=2", 30)};
    const std::vector<Resources> free{of("cpu=0.5")};
    CHECK(victims(preempt_for({of("cpu=1"), 1000}, running, free)) == Ids{2});
    // 1.5 cores are short: task 2 frees one for 10, task 3 all of it for 60; with task 3, task 2 is not needed.
    CHECK(victims(preempt_for({of("cpu=2"), 1000}, running, free)) == Ids{3});
    CHECK(victims(preempt_for({of("cpu=3.5"), 1000}, running, free)) == Ids{2, 3});
}

TEST_CASE("where cores alone are short, who can be frozen loses nothing; where memory is, it has to end") {
    const std::vector<Stoppable> running{runs(1, "cpu=2 memory=4GiB", 500, true)};
    const auto for_cores = preempt_for({of("cpu=1 memory=1GiB"), 10}, running, std::vector{of("memory=2GiB")});
    REQUIRE(for_cores);
    CHECK(for_cores->victims == std::vector<Preemption::Victim>{{1, StopKind::freeze, 0}});
    const auto for_memory = preempt_for({of("cpu=1 memory=4GiB"), 2000}, running, std::vector{of("memory=2GiB")});
    REQUIRE(for_memory);
    CHECK(for_memory->victims == std::vector<Preemption::Victim>{{1, StopKind::restart, 1000}});
}

TEST_CASE("nobody is stopped where it is not worth a fifth more than it costs") {
    const std::vector<Stoppable> running{runs(1, "cpu=1", 100)};
    const std::vector<Resources> free{Resources{}};
    CHECK_FALSE(preempt_for({of("cpu=1"), 120}, running, free));
    CHECK(preempt_for({of("cpu=1"), 121}, running, free));
}

TEST_CASE("nobody is stopped where the task would not fit even then, or fits already, or who has just begun") {
    std::vector<Stoppable> running{runs(1, "cpu=1", 1), runs(2, "cpu=1", 1)};
    CHECK_FALSE(preempt_for({of("cpu=3"), 1e9}, running, std::vector{of("cpu=0.5")}));
    CHECK_FALSE(preempt_for({of("cpu=1"), 1e9}, running, std::vector{of("cpu=1")}));
    running[0].ran = running[1].ran = 1s;
    CHECK_FALSE(preempt_for({of("cpu=1"), 1e9}, running, std::vector{Resources{}}));
}

TEST_CASE("the node where it costs least is taken") {
    const std::vector<Stoppable> running{runs(1, "cpu=4", 50, false, 0), runs(2, "cpu=4", 20, false, 1)};
    const auto made = preempt_for({of("cpu=4"), 1e4}, running, std::vector{Resources{}, Resources{}});
    REQUIRE(made);
    CHECK(made->node == 1);
    CHECK(made->cost_s == doctest::Approx(80));
}

// Whatever is drawn: those stopped free enough with what was free, no one of them could have been spared, and nobody
// is stopped against the terms.
TEST_CASE("random nodes: the freed set fits, and nobody is stopped in vain") {
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
        CAPTURE(seed);
        Rng rng(seed);
        const auto amounts = [&](double cores) {
            return Resources{.cpu = {cores * rng.uniform()}, .memory = Bytes{rng.between(0, 4) << 30}};
        };
        std::vector<Stoppable> running;
        for (TaskId id = 0; id < 20; ++id)
            running.push_back({.task = id,
                               .node = static_cast<NodeId>(rng.between(0, 2)),
                               .held = amounts(2),
                               .can_freeze = rng.uniform() < 0.5,
                               .ran = std::chrono::seconds(rng.between(0, 20)),
                               .since_checkpoint_s = 50 * rng.uniform()});
        const std::vector<Resources> free{amounts(1), amounts(1), amounts(1)};
        const Needy needy{amounts(8), 300 * rng.uniform()};
        const auto made = preempt_for(needy, running, free);
        if (!made) continue;
        CHECK(made->benefit_s > 1.2 * made->cost_s);
        const auto freed_without = [&](TaskId spared) {
            Resources freed = free[made->node];
            for (const Preemption::Victim& victim : made->victims) {
                const Stoppable& who = running[victim.task];
                CHECK(who.node == made->node);
                CHECK(who.ran >= 5s);
                if (victim.task == spared) continue;
                freed += victim.kind == StopKind::restart ? who.held : Resources{.cpu = who.held.cpu};
            }
            return freed;
        };
        CHECK(fits(needy.ask, freed_without(1000)));
        for (const Preemption::Victim& victim : made->victims) CHECK_FALSE(fits(needy.ask, freed_without(victim.task)));
    }
}
