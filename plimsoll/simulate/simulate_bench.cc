// SPDX-License-Identifier: Apache-2.0
// What a task costs the loop from joining to its durable end: CPU time per task must not grow with their number.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "plimsoll/simulate/drawing.h"
#include "plimsoll/simulate/simulated_run.h"

namespace {

using namespace plimsoll;
using namespace plimsoll::simulate;

constexpr Request request{
    .cpu = Cores{1}, .memory = Bytes{1 << 30}, .time = std::chrono::seconds(10), .disk = {}, .gpu = {}};

void simulate_run(benchmark::State& state, const Drawing& drawing) {
    const Truth truth = [](const std::string&, int) {
        return Behaviour{.runtime = std::chrono::seconds(2), .memory_peak = 512_MiB};
    };
    const std::vector<Node> nodes{{.id = 0, .name = "here", .capacity = {.cpu = 64_cores, .memory = 256_GiB}}};
    for (auto _ : state) {
        const auto forecaster = forecast::make_forecaster("replayed-cost");
        SimulatedRun run({.nodes = nodes, .truth = truth, .store = {}}, *forecaster);
        workflow::FixedSource source(drawing.tasks);
        run.loop().add(source);
        if (!run.finish()) state.SkipWithError("the run did not end");
    }
    state.counters["per_task"] =
        benchmark::Counter(static_cast<double>(drawing.tasks.size()),
                           benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

/// Samples of three steps each, and a gather.
void samples(benchmark::State& state) {
    const auto count = state.range(0) / 3;
    simulate_run(state, draw(fmt::format("a*{0}; b*{0} <- a; c*{0} <- b; all <- c", count), request).value());
}
BENCHMARK(samples)->Arg(1000)->Arg(10000)->Arg(100000)->Unit(benchmark::kMillisecond)->Iterations(1);

/// All of them ready at once.
void wide(benchmark::State& state) { simulate_run(state, draw(fmt::format("a*{}", state.range(0)), request).value()); }
BENCHMARK(wide)->Arg(1000)->Arg(10000)->Arg(100000)->Unit(benchmark::kMillisecond)->Iterations(1);

/// One after another: each waits for the one before.
void chain(benchmark::State& state) {
    std::string text = "s0";
    for (std::int64_t step = 1; step < state.range(0); ++step) text += fmt::format("; s{} <- s{}", step, step - 1);
    simulate_run(state, draw(text, request).value());
}
BENCHMARK(chain)->Arg(1000)->Arg(10000)->Unit(benchmark::kMillisecond)->Iterations(1);

}  // namespace
