// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/simulate/fifo_replay.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>

#include "plimsoll/allocate/pool.h"
#include "plimsoll/base/random.h"
#include "plimsoll/schedule/policies.h"

using namespace plimsoll;
using namespace plimsoll::simulate;
using namespace std::chrono_literals;

namespace {

std::vector<Resources> amounts(std::initializer_list<const char*> texts) {
    std::vector<Resources> all;
    for (const char* text : texts) all.push_back(parse_resources(text).value());
    return all;
}

/// The same by `schedule::plan` with the policy `fifo`: every job looked at anew whenever one came or ended.
std::vector<Placed> planned(const std::vector<ReplayedJob>& jobs, const std::vector<Resources>& needs,
                            const std::vector<Resources>& capacities) {
    std::vector<Node> nodes;
    for (const Resources& capacity : capacities)
        nodes.push_back({.id = static_cast<NodeId>(nodes.size()), .name = "n", .capacity = capacity});
    allocate::Pool pool(nodes);
    const schedule::NamedPolicy& fifo = *schedule::find_policy("fifo");
    schedule::Queues queues(schedule::queues_of(fifo));
    std::multimap<Instant, std::size_t> ends;
    std::vector<allocate::Claim> claims(jobs.size());
    std::vector<Placed> placed(jobs.size());
    std::size_t arrived = 0;
    while (arrived < jobs.size() || !ends.empty()) {
        Instant now = arrived < jobs.size() ? jobs[arrived].arrives : Instant::max();
        if (!ends.empty()) now = std::min(now, ends.begin()->first);
        for (; !ends.empty() && ends.begin()->first == now; ends.erase(ends.begin()))
            claims[ends.begin()->second].release();
        for (; arrived < jobs.size() && jobs[arrived].arrives == now; ++arrived)
            queues.push({.task = static_cast<TaskId>(arrived),
                         .amounts = needs[jobs[arrived].need],
                         .runtime = jobs[arrived].runtime,
                         .handed_in = jobs[arrived].arrives},
                        queues.find("default"));
        pool.advance(now);
        for (const Start& start : schedule::plan(queues, {.now = now, .nodes = pool.calendars()}, fifo.policy).starts) {
            queues.erase(start.task);
            claims[start.task] = pool.adopt(start.reservation);
            placed[start.task] = {now, start.reservation.node};
            ends.emplace(now + jobs[start.task].runtime, start.task);
        }
    }
    return placed;
}

}  // namespace

// 4 cores: a and b take them until 10 s; c, which needs 3, keeps d, which would fit, waiting behind it.
TEST_CASE("jobs start in the order in which they came, and nobody overtakes") {
    const auto needs = amounts({"cpu=2", "cpu=3", "cpu=1"});
    const std::vector<ReplayedJob> jobs = {
        {Instant(0s), 10s, 0}, {Instant(1s), 9s, 2}, {Instant(2s), 5s, 1}, {Instant(3s), 5s, 2}};
    const Replay replay = replay_fifo(jobs, needs, amounts({"cpu=4"})).value();
    CHECK(replay.placed[2].start == Instant(10s));
    CHECK(replay.placed[3].start == Instant(10s));
    CHECK(replay.end == Instant(15s));
    CHECK(replay.events == 8);
    CHECK(replay.mean_wait_s == doctest::Approx(15.0 / 4));
}

TEST_CASE("a job goes to the node that it fills best, the lowest of equals, and back it comes whole") {
    const auto needs = amounts({"cpu=2 memory=1GiB", "cpu=1 memory=6GiB"});
    const std::vector<ReplayedJob> jobs = {
        {Instant(0s), 10s, 0}, {Instant(1s), 10s, 0}, {Instant(2s), 10s, 1}, {Instant(30s), 1s, 0}};
    const Replay replay =
        replay_fifo(jobs, needs, amounts({"cpu=8 memory=8GiB", "cpu=4 memory=4GiB", "cpu=4 memory=4GiB"})).value();
    CHECK(replay.placed[0].node == 1);
    CHECK(replay.placed[1].node == 1);
    CHECK(replay.placed[2].node == 0);
    CHECK(replay.placed[3].node == 1);
}

TEST_CASE("a job that fits nowhere is named") {
    const std::vector<ReplayedJob> jobs = {{Instant(0s), 10s, 0}};
    const auto replay = replay_fifo(jobs, amounts({"cpu=5"}), amounts({"cpu=4"}));
    REQUIRE_FALSE(replay);
    CHECK(replay.error().message == "job 0 needs cpu=5, and no node has that");
}

// The schedule of live runs, told that all come in order and nobody overtakes, decides the same.
TEST_CASE("each start and each node is that of the schedule of live runs under the policy fifo") {
    for (std::uint64_t seed = 1; seed <= 30; ++seed) {
        Rng rng(seed);
        std::vector<Resources> needs, nodes;
        for (int at = 0; at < 6; ++at)
            needs.push_back(
                {.cpu = Cores{static_cast<double>(rng.between(1, 4))}, .memory = Bytes{rng.between(1, 8) << 30}});
        for (int at = 0; at < 5; ++at)
            nodes.push_back(rng.between(0, 1) == 0 ? Resources{.cpu = 8_cores, .memory = 16_GiB}
                                                   : Resources{.cpu = 4_cores, .memory = 32_GiB});
        std::vector<ReplayedJob> jobs;
        Instant when{};
        for (int at = 0; at < 200; ++at) {
            when += Duration(1s) * rng.between(0, 3);
            jobs.push_back({when, Duration(1s) * rng.between(1, 60), static_cast<std::uint32_t>(rng.between(0, 5))});
        }
        const auto expected = planned(jobs, needs, nodes);
        const Replay replay = replay_fifo(jobs, needs, nodes).value();
        CAPTURE(seed);
        int different = 0;
        for (std::size_t at = 0; at < jobs.size(); ++at)
            different += replay.placed[at].start != expected[at].start || replay.placed[at].node != expected[at].node;
        CHECK(different == 0);
    }
}
