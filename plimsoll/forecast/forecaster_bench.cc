// SPDX-License-Identifier: Apache-2.0
// What a forecast and a learning step cost once a kind's window is full, and what a whole history costs.
#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <malloc.h>

#include <algorithm>
#include <vector>

#include "plimsoll/base/check.h"
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

double allocated_mb() {
    const struct mallinfo2 info = mallinfo2();
    return static_cast<double>(info.uordblks + info.hblkhd) / 1e6;
}

/// Of one of so many kinds of 20 programs in 10 workflows.
Observation observed_of(std::int64_t kind, Rng& rng) {
    Observation seen = observed(rng);
    seen.kind = {.workflow = fmt::format("workflow-{}", kind % 10),
                 .step = fmt::format("step-{}", kind),
                 .tool = fmt::format("program-{} command-{}", kind % 20, kind % 100)};
    return seen;
}

/// So many attempts over a 500th of as many kinds: learning, the forecasts between, the memory that all models take,
/// and what a run of 50 kinds does before it starts: learns the newest 300 of each (as history gives them), or reads
/// what was kept.
void whole_history(benchmark::State& state) {
    const MachineClock clock;
    const std::int64_t attempts = state.range(0), kinds = std::max<std::int64_t>(1, attempts / 500);
    const auto timed_s = [&clock](const auto& work) {
        const Instant before = clock.now();
        work();
        return seconds(clock.now() - before);
    };
    for (auto _ : state) {
        Rng rng(1);
        const double before_mb = allocated_mb();
        const auto forecaster = make_forecaster("replayed-cost");
        std::vector<double> forecast_us;
        double learn_s = 0;
        for (std::int64_t at = 0; at < attempts; ++at) {
            const Observation next = observed_of(rng.between(0, kinds - 1), rng);
            learn_s += timed_s([&] { forecaster->learn(next); });
            if (at % 10 == 0)
                forecast_us.push_back(1e6 * timed_s([&] {
                                          benchmark::DoNotOptimize(
                                              forecaster->forecast(next.kind, next.features, terms()));
                                      }));
        }
        report(state, forecast_us);
        state.counters["learn_us"] = learn_s / static_cast<double>(attempts) * 1e6;
        state.counters["models_mb"] = allocated_mb() - before_mb;
        std::vector<Observation> newest;
        for (std::int64_t at = 0; at < std::min<std::int64_t>(attempts, 50 * 300); ++at)
            newest.push_back(observed_of(at % 50, rng));
        const auto fresh = make_forecaster("replayed-cost"), kept = make_forecaster("replayed-cost");
        state.counters["start_anew_s"] = timed_s([&] {
            for (const Observation& one : newest) fresh->learn(one);
        });
        const std::string kept_state = fresh->state();
        state.counters["kept_mb"] = static_cast<double>(kept_state.size()) / 1e6;
        state.counters["start_kept_s"] = timed_s([&] { PLIM_CHECK(kept->restore(kept_state), "it was just kept"); });
    }
}
BENCHMARK(whole_history)->Arg(5000)->Arg(1000000)->Iterations(1)->Unit(benchmark::kSecond);

}  // namespace
