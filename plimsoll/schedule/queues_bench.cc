// SPDX-License-Identifier: Apache-2.0
// What it costs to know whose turn it is, with how many queues; and a preemption with how many nodes.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "plimsoll/base/clock.h"
#include "plimsoll/base/random.h"
#include "plimsoll/schedule/preemption.h"
#include "plimsoll/schedule/reclaim.h"
#include "plimsoll/schedule/schedule.h"

namespace {

using namespace plimsoll;
using namespace plimsoll::schedule;

/// Ten departments share the machine, and the rest of the queues is divided among them.
std::vector<QueueSpec> many_queues(std::int64_t count, Rng& rng) {
    std::vector<QueueSpec> specs{{.path = "", .discipline = Discipline::fair}};
    const auto departments = std::min<std::int64_t>(10, count);
    for (std::int64_t n = 0; n < departments; ++n)
        specs.push_back({.path = "d" + std::to_string(n),
                         .parent = 0,
                         .weight = static_cast<double>(rng.between(1, 5)),
                         .discipline = Discipline::fair});
    for (std::int64_t n = 0; n < count; ++n)
        specs.push_back({.path = "q" + std::to_string(n),
                         .parent = static_cast<int>(1 + n % departments),
                         .weight = static_cast<double>(rng.between(1, 5))});
    return specs;
}

void report(benchmark::State& state, std::vector<double>& decision_us) {
    std::sort(decision_us.begin(), decision_us.end());
    state.counters["p50_us"] = decision_us[decision_us.size() / 2];
    state.counters["p99_us"] = decision_us[decision_us.size() * 99 / 100];
}

/// Every queue has ten tasks of its own size waiting; a task ends on a full machine, and what it leaves is given away.
void whose_turn(benchmark::State& state) {
    Rng rng(1);
    const MachineClock clock;
    Queues queues(many_queues(state.range(0), rng));
    const Resources machine{.cpu = 64_cores, .memory = 256_GiB};
    queues.shares().set_capacity(machine);
    std::map<TaskId, QueueId> of_task;
    TaskId next = 0;
    const auto push = [&](QueueId queue) {
        of_task[next] = queue;
        const std::int64_t size = 1 + static_cast<std::int64_t>(queue) % 8;
        queues.push({.task = next++,
                     .amounts = {.cpu = {0.25 * static_cast<double>(size)}, .memory = Bytes{size << 28}},
                     .runtime = std::chrono::seconds(rng.between(10, 100)),
                     .rank = rng.uniform()},
                    queue);
    };
    for (QueueId queue = 0; queue < queues.size(); ++queue)
        for (int n = 0; queues.shares().is_leaf(queue) && n < 10; ++n) push(queue);
    std::vector<Calendar> nodes{Calendar(machine)};
    std::multimap<Instant, std::pair<TaskId, Reservation>> running;
    std::vector<double> decision_us;
    Instant now{};
    for (auto _ : state) {
        const Instant before = clock.now();
        const Plan made = plan(queues, {.now = now, .nodes = nodes});
        decision_us.push_back(seconds(clock.now() - before) * 1e6);
        for (const Start& start : made.starts) {
            const QueueId queue = of_task.at(start.task);
            queues.erase(start.task);
            queues.shares().serve(queue, start.reservation.amounts, 1);
            nodes[0].add(start.reservation);
            running.emplace(start.reservation.end, std::pair{start.task, start.reservation});
            push(queue);
        }
        const auto first = running.begin();
        now = first->first;
        queues.shares().add_held(of_task.at(first->second.first), Resources{} - first->second.second.amounts, -1);
        of_task.erase(first->second.first);
        running.erase(first);
        nodes[0].trim(now);
    }
    report(state, decision_us);
}
BENCHMARK(whose_turn)->ArgName("queues")->Arg(10)->Arg(100)->Arg(1000)->Arg(10000)->Unit(benchmark::kMicrosecond);

/// The choice alone: a turn given and the tree brought up to date.
void serve_a_turn(benchmark::State& state) {
    Rng rng(1);
    ShareTree tree(many_queues(state.range(0), rng), {.cpu = 1000_cores});
    for (QueueId queue = 0; queue < tree.size(); ++queue)
        if (tree.is_leaf(queue)) tree.set_pending(queue, true);
    for (auto _ : state) {
        const QueueId queue = *tree.next();
        tree.serve(queue, {.cpu = 1_cores}, 1);
        benchmark::DoNotOptimize(queue);
    }
}
BENCHMARK(serve_a_turn)->ArgName("queues")->Arg(100)->Arg(1000)->Arg(10000)->Arg(100000);

/// So many nodes full with ten tasks each, which stand in the queues from 2 on in turn.
struct Full {
    std::vector<Stoppable> running;
    std::vector<Resources> free;

    Full(std::int64_t nodes, std::size_t queues) {
        Rng rng(1);
        for (NodeId node = 0; node < static_cast<NodeId>(nodes); ++node) {
            free.push_back({.cpu = {rng.uniform()}, .memory = 1_GiB});
            for (int n = 0; n < 10; ++n)
                running.push_back({.task = static_cast<TaskId>(running.size()),
                                   .node = node,
                                   .queue = 2 + running.size() % (queues - 2),
                                   .held = {.cpu = 1.6_cores, .memory = Bytes{rng.between(1, 12) << 30}},
                                   .ran = std::chrono::seconds(rng.between(0, 1000)),
                                   .since_checkpoint_s = 1000 * rng.uniform()});
        }
    }
};

// A task that needs half a node.
const Resources half_a_node{.cpu = 8_cores, .memory = 32_GiB};

void preempt(benchmark::State& state) {
    const Full full(state.range(0), 3);
    for (auto _ : state)
        benchmark::DoNotOptimize(preempt_for({.ask = half_a_node, .benefit_s = 1e9}, full.running, full.free));
}
BENCHMARK(preempt)->ArgName("nodes")->Arg(100)->Arg(1000)->Arg(10000)->Unit(benchmark::kMillisecond);

/// It waits in a queue that holds nothing, beside so many that share all.
void reclaim(benchmark::State& state) {
    const auto queues = static_cast<std::size_t>(state.range(1));
    std::vector<QueueSpec> specs{{.path = "", .discipline = Discipline::fair}};
    for (std::size_t n = 1; n < queues; ++n) specs.push_back({.path = "q" + std::to_string(n), .parent = 0});
    const Full full(state.range(0), queues);
    const auto nodes = static_cast<double>(state.range(0));
    ShareTree shares(std::move(specs), {.cpu = 16_cores * nodes, .memory = 66_GiB * nodes});
    for (const Stoppable& who : full.running) shares.add_held(who.queue, who.held, 1);
    shares.set_pending(1, true);
    for (auto _ : state) benchmark::DoNotOptimize(reclaim_for(1, half_a_node, full.running, full.free, shares));
}
BENCHMARK(reclaim)
    ->ArgNames({"nodes", "queues"})
    ->Args({100, 12})
    ->Args({1000, 12})
    ->Args({1000, 100})
    ->Args({10000, 12})
    ->Unit(benchmark::kMillisecond);

}  // namespace
