// SPDX-License-Identifier: Apache-2.0
// What a forecast and a learning step cost once a kind's window of 400 instances is full.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <vector>

#include "plimsoll/base/clock.h"
#include "plimsoll/base/random.h"
#include "plimsoll/forecast/forecaster.h"

namespace {

using namespace plimsoll;
using namespace plimsoll::forecast;

constexpr int segments = 32;  // as many as a profile keeps

Observation observed(Rng& rng) {
    Observation seen;
    seen.kind = {.workflow = "bench", .step = "align", .tool = "bwa mem"};
    seen.features = {
        .input_bytes = Bytes{rng.between(1 << 20, 1 << 30)}, .input_count = 2, .numbers = {}, .machine = "here"};
    seen.profile.memory_peak = seen.features.input_bytes * (1 + rng.uniform());
    seen.profile.runtime = from_seconds(1 + rng.uniform() * 100);
    seen.profile.cpu = seen.profile.runtime;
    for (int part = 1; part <= segments; ++part)
        seen.profile.segments.push_back({.until = from_seconds(seconds(seen.profile.runtime) * part / segments),
                                         .memory = seen.profile.memory_peak * (part / double{segments}),
                                         .cpu = Cores{1}});
    return seen;
}

Terms terms() {
    Terms terms;
    terms.request.memory = 3_GiB;
    terms.machine_cpu = 8_cores;
    terms.machine_memory = 64_GiB;
    return terms;
}

void report(benchmark::State& state, std::vector<double>& us) {
    std::sort(us.begin(), us.end());
    state.counters["p50_us"] = us[us.size() / 2];
    state.counters["p99_us"] = us[us.size() * 99 / 100];
}

void time_forecasts(benchmark::State& state, bool learns_before_each) {
    Rng rng(1);
    const MachineClock clock;
    const auto forecaster = make_forecaster("replayed-cost");
    for (int i = 0; i < 400; ++i) forecaster->learn(observed(rng));
    std::vector<double> us;
    for (auto _ : state) {
        const Observation next = observed(rng);
        if (learns_before_each) forecaster->learn(next);
        const Instant before = clock.now();
        benchmark::DoNotOptimize(forecaster->forecast(next.kind, next.features, terms()));
        us.push_back(seconds(clock.now() - before) * 1e6);
    }
    report(state, us);
}

void forecast_one(benchmark::State& state) { time_forecasts(state, false); }
BENCHMARK(forecast_one)->Unit(benchmark::kMicrosecond);

/// What has just been learnt makes the first forecast after it dearer: the runs are laid over each other again.
void forecast_after_learning(benchmark::State& state) { time_forecasts(state, true); }
BENCHMARK(forecast_after_learning)->Unit(benchmark::kMicrosecond);

void learn_one(benchmark::State& state) {
    Rng rng(1);
    const MachineClock clock;
    const auto forecaster = make_forecaster("replayed-cost");
    for (int i = 0; i < 400; ++i) forecaster->learn(observed(rng));
    std::vector<double> us;
    for (auto _ : state) {
        const Observation next = observed(rng);
        const Instant before = clock.now();
        forecaster->learn(next);
        us.push_back(seconds(clock.now() - before) * 1e6);
    }
    report(state, us);
}
BENCHMARK(learn_one)->Unit(benchmark::kMicrosecond);

}  // namespace
