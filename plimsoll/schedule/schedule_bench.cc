// SPDX-License-Identifier: Apache-2.0
// What a tick costs, with how many tasks waiting and how many different asks among them.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <vector>

#include "plimsoll/base/clock.h"
#include "plimsoll/base/random.h"
#include "plimsoll/schedule/critical_path.h"
#include "plimsoll/schedule/dry_run.h"
#include "plimsoll/schedule/schedule.h"

namespace {

using namespace plimsoll;
using namespace plimsoll::schedule;

/// Of so many phases (1: flat), the first with all it asks for, each with less than the one before.
Candidate candidate(TaskId id, Rng& rng, std::int64_t shapes, std::int64_t phases) {
    const std::int64_t shape = rng.between(1, shapes);
    Candidate made{
        .task = id,
        .amounts = {.cpu = {0.5 + static_cast<double>(shape % 8) / 4}, .memory = Bytes{shape << 20} + 64_MiB},
        .runtime = std::chrono::milliseconds(100 + shape),
        .priority = 0,
        .rank = rng.uniform() * 1000};
    for (std::int64_t at = 1; phases > 1 && at <= phases; ++at)
        made.phases.push_back({made.runtime * at / phases,
                               {.cpu = made.amounts.cpu, .memory = Bytes{made.amounts.memory.count >> (at - 1)}}});
    return made;
}

/// A full machine on which a task ends, and the plan for what it leaves: the decision of a live run.
void decide(benchmark::State& state) {
    Rng rng(1);
    const MachineClock clock;
    Queue queue;
    TaskId next = 0;
    for (; next < static_cast<TaskId>(state.range(0)); ++next)
        queue.push(candidate(next, rng, state.range(1), state.range(2)));
    std::vector<Calendar> nodes{Calendar({.cpu = 64_cores, .memory = 256_GiB})};
    std::vector<Reservation> running;
    std::vector<double> decision_us;
    Instant now{};
    for (auto _ : state) {
        const Instant before = clock.now();
        const Plan made = plan(queue, {now, nodes});
        decision_us.push_back(seconds(clock.now() - before) * 1e6);
        for (const Start& start : made.starts) {
            queue.erase(start.task);
            nodes[0].add(start.reservation);
            running.push_back(start.reservation);
            queue.push(candidate(next++, rng, state.range(1), state.range(2)));
        }
        const auto first = std::min_element(running.begin(), running.end(),
                                            [](const auto& a, const auto& b) { return a.end < b.end; });
        now = first->end;
        running.erase(first);
        nodes[0].trim(now);
    }
    std::sort(decision_us.begin(), decision_us.end());
    state.counters["p50_us"] = decision_us[decision_us.size() / 2];
    state.counters["p99_us"] = decision_us[decision_us.size() * 99 / 100];
}
BENCHMARK(decide)
    ->ArgNames({"ready", "shapes", "phases"})
    ->Args({1000, 20, 1})
    ->Args({10000, 20, 1})
    ->Args({100000, 20, 1})
    ->Args({10000, 5000, 1})
    ->Args({100000, 20, 4})
    ->Args({10000, 5000, 4})
    ->Args({1000, 20, 4})
    ->Unit(benchmark::kMicrosecond);

void refresh_ranks(benchmark::State& state) {
    CriticalPath path;
    Rng rng(1);
    const auto count = static_cast<TaskId>(state.range(0));
    for (TaskId id = 0; id < count; ++id) {
        std::vector<TaskId> needs;
        for (int n = 0; id > 0 && n < 3; ++n) needs.push_back(static_cast<TaskId>(rng.between(0, id - 1)));
        path.join(id, needs, rng.uniform());
    }
    for (auto _ : state) {
        path.set_runtime(count / 2, rng.uniform());
        benchmark::DoNotOptimize(path.refresh());
    }
}
BENCHMARK(refresh_ranks)->Arg(1000)->Arg(100000)->Unit(benchmark::kMillisecond);

/// A hundred thousand tasks of three steps, each sample through all of them, then one gather.
void rehearse(benchmark::State& state) {
    Rng rng(1);
    std::vector<DryTask> tasks;
    const auto samples = static_cast<TaskId>(state.range(0) / 3);
    for (TaskId sample = 0; sample < samples; ++sample) {
        for (TaskId step = 0; step < 3; ++step) {
            DryTask task{.amounts = {.cpu = {0.5 + rng.uniform()}, .memory = Bytes{rng.between(64, 2048) << 20}},
                         .runtime = from_seconds(1 + 10 * rng.uniform()),
                         .takes = {},
                         .priority = 0,
                         .needs = {}};
            task.takes = task.runtime * 7 / 10;
            if (step > 0) task.needs = {sample * 3 + step - 1};
            tasks.push_back(std::move(task));
        }
    }
    const std::vector<Node> nodes{
        {.id = 0, .name = "here", .capacity = {.cpu = {static_cast<double>(state.range(1))}, .memory = 256_GiB}}};
    for (auto _ : state) benchmark::DoNotOptimize(dry_run(tasks, nodes));
}
BENCHMARK(rehearse)
    ->ArgNames({"tasks", "cores"})
    ->Args({1000, 2})
    ->Args({100000, 2})
    ->Args({100000, 64})
    ->Unit(benchmark::kMillisecond)
    ->Iterations(1);

}  // namespace
