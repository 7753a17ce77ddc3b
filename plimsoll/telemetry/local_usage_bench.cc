// SPDX-License-Identifier: Apache-2.0
// What watching costs: one sample of a real group, the last reading of one that was never watched, one
// sample of a process by /proc alone, and the steady state of 50 attempts as a share of a core (the counter
// `core_share`: seconds of CPU time spent per second that is watched).
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <string>

#include "plimsoll/base/random.h"
#include "plimsoll/telemetry/local_usage.h"

using namespace plimsoll;
using namespace plimsoll::telemetry;
using namespace std::chrono_literals;

namespace {

/// Real groups, empty but for what the kernel counts in any; removed at the end.
struct Groups {
    machine::CgroupTree tree = machine::find_cgroups();
    std::string top = "plimsoll/bench-" + random_hex(8);
    bool made = false;
    explicit Groups(int count) {
        made = !tree.memory.empty();
        for (int at = 0; at < count && made; ++at) made = machine::make_cgroup(tree, name(at)).has_value();
    }
    ~Groups() { (void)machine::remove_cgroup(tree, top).has_value(); }
    std::string name(int at) const { return top + "/" + std::to_string(at); }
    Placement placement(int at) const { return {.node = 0, .pid = 0, .group = name(at)}; }
};

AttemptId attempt(int task) { return {static_cast<TaskId>(task), 1}; }

LocalUsage usage_on_this_machine(const machine::CgroupTree& tree) { return {tree, machine::read_host().value()}; }

void sample_of_a_group(benchmark::State& state) {
    const Groups groups(1);
    if (!groups.made) return state.SkipWithError("no cgroups here");
    LocalUsage usage = usage_on_this_machine(groups.tree);
    usage.watch(attempt(0), groups.placement(0), {});
    for (auto _ : state) benchmark::DoNotOptimize(usage.sample(attempt(0), Instant(1s)));
    state.SetLabel(std::string(usage.kind()));
}
BENCHMARK(sample_of_a_group)->Unit(benchmark::kMicrosecond);

void last_word_of_a_group(benchmark::State& state) {
    const Groups groups(1);
    if (!groups.made) return state.SkipWithError("no cgroups here");
    LocalUsage usage = usage_on_this_machine(groups.tree);
    for (auto _ : state) benchmark::DoNotOptimize(usage.close(attempt(0), groups.placement(0), Instant(1s)));
}
BENCHMARK(last_word_of_a_group)->Unit(benchmark::kMicrosecond);

void sample_of_a_process(benchmark::State& state) {
    LocalUsage usage = usage_on_this_machine({});
    usage.watch(attempt(0), {.node = 0, .pid = ::getpid(), .group = {}}, {});
    for (auto _ : state) benchmark::DoNotOptimize(usage.sample(attempt(0), Instant(1s)));
}
BENCHMARK(sample_of_a_process)->Unit(benchmark::kMicrosecond);

/// One iteration is one second of attempts that are past their first ones: one sample of each.
void second_of_50_attempts(benchmark::State& state) {
    constexpr int count = 50;
    const Groups groups(count);
    if (!groups.made) return state.SkipWithError("no cgroups here");
    LocalUsage usage = usage_on_this_machine(groups.tree);
    for (int at = 0; at < count; ++at) usage.watch(attempt(at), groups.placement(at), {});
    for (auto _ : state)
        for (int at = 0; at < count; ++at) benchmark::DoNotOptimize(usage.sample(attempt(at), Instant(1s)));
    state.counters["core_share"] = benchmark::Counter(static_cast<double>(state.iterations()),
                                                      benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK(second_of_50_attempts)->Unit(benchmark::kMicrosecond);

}  // namespace
