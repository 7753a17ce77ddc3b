// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/schedule/planned_order.h"

#include <doctest/doctest.h>

#include "plimsoll/base/random.h"

using namespace plimsoll;
using namespace plimsoll::schedule;
using namespace std::chrono_literals;

namespace {

const Node two_cores[] = {{.id = 0, .name = "here", .capacity = {.cpu = 2_cores, .memory = 4_GiB}}};

/// Of 30 tasks some forty rehearsals, not the thousand that a run of minutes is worth.
constexpr OrderSearch short_search{.placements = 30 * 40};

DryTask task(double cpu, Bytes memory, Duration runtime, std::vector<TaskId> needs = {}) {
    return {.amounts = {.cpu = {cpu}, .memory = memory}, .runtime = runtime, .needs = std::move(needs)};
}

std::vector<DryTask> random_work(Rng& rng) {
    std::vector<DryTask> tasks;
    for (TaskId id = 0; id < 30; ++id) {
        std::vector<TaskId> needs;
        for (auto n = rng.between(0, 2); n > 0 && id > 0; --n)
            needs.push_back(static_cast<TaskId>(rng.between(0, static_cast<int>(id) - 1)));
        std::ranges::sort(needs);
        needs.erase(std::ranges::unique(needs).begin(), needs.end());
        tasks.push_back(task(static_cast<double>(rng.between(1, 2)), Bytes{rng.between(1, 4) << 30},
                             std::chrono::seconds(rng.between(1, 20)), std::move(needs)));
    }
    return tasks;
}

}  // namespace

// Two chains of 3 s and 3 s on two cores: no run is shorter than a chain, and the first order tried takes no longer.
TEST_CASE("where the longest path first is as good as can be, its order is kept") {
    const std::vector<DryTask> tasks{task(1, 1_GiB, 3s), task(1, 1_GiB, 3s), task(1, 1_GiB, 3s, {0}),
                                     task(1, 1_GiB, 3s, {1})};
    const PlannedOrder planned = planned_order(tasks, two_cores);
    CHECK(planned.ranks.empty());
    CHECK(planned.by_paths == 6s);
    CHECK(planned.no_less_than == 6s);
    CHECK(planned.rehearsals == 1);
}

TEST_CASE("random work: what is promised comes out, is never worse than the longest path and never below the bound") {
    int better = 0;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        CAPTURE(seed);
        Rng rng(seed);
        const std::vector<DryTask> tasks = random_work(rng);
        const PlannedOrder planned = planned_order(tasks, two_cores, default_queues(), short_search);
        CHECK(dry_run(tasks, two_cores).makespan == planned.by_paths);
        CHECK(planned.makespan >= planned.no_less_than);
        if (planned.ranks.empty()) continue;
        ++better;
        CHECK(dry_run(in_planned_order(tasks, two_cores, default_queues(), short_search), two_cores).makespan ==
              planned.makespan);
    }
    CHECK(better > 0);
}

TEST_CASE("the same work is given the same order, and a longer search never a worse one") {
    int better = 0;
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
        CAPTURE(seed);
        Rng rng(seed);
        const std::vector<DryTask> tasks = random_work(rng);
        const PlannedOrder turned = planned_order(tasks, two_cores, default_queues(), {.placements = 30 * 28});
        const PlannedOrder sampled = planned_order(tasks, two_cores, default_queues(), {.placements = 30 * 120});
        CHECK(turned.rehearsals <= 28);
        CHECK(sampled.makespan <= turned.makespan);
        better += sampled.makespan < turned.makespan;
        CHECK(planned_order(tasks, two_cores, default_queues(), {.placements = 30 * 120}).ranks == sampled.ranks);
    }
    CHECK(better > 0);
}

TEST_CASE("a search that may not rehearse three times does not begin") {
    const std::vector<DryTask> tasks(10, task(1, 1_GiB, 1s));
    const PlannedOrder planned = planned_order(tasks, two_cores, default_queues(), {.placements = 29});
    CHECK(planned.rehearsals == 0);
    CHECK(planned.ranks.empty());
}
