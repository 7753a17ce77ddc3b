// SPDX-License-Identifier: Apache-2.0
// What a calendar costs with so many reservations standing.
#include <benchmark/benchmark.h>

#include <vector>

#include "plimsoll/base/random.h"
#include "plimsoll/model/calendar.h"

namespace {

using namespace plimsoll;

/// Some minutes long, somewhere in a time line on which about 30 overlap at any instant.
Reservation random_reservation(Rng& rng, std::int64_t standing) {
    const Instant start{from_seconds(rng.uniform() * static_cast<double>(standing) * 5)};
    return {.amounts = {.cpu = {0.1 * static_cast<double>(rng.between(1, 40))},
                        .memory = Bytes{rng.between(64, 4096) << 20}},
            .start = start,
            .end = start + from_seconds(1 + 300 * rng.uniform()),
            .node = 0};
}

struct Filled {
    Rng rng{1};
    Calendar calendar{{.cpu = 256_cores, .memory = 1024_GiB}};
    std::vector<Reservation> standing;
    explicit Filled(std::int64_t count) {
        for (std::int64_t at = 0; at < count; ++at) calendar.add(standing.emplace_back(random_reservation(rng, count)));
    }
};

void insert(benchmark::State& state) {
    Filled filled(state.range(0));
    for (auto _ : state) {
        state.PauseTiming();
        const auto which = static_cast<std::size_t>(filled.rng.between(0, state.range(0) - 1));
        filled.calendar.remove(filled.standing[which]);
        filled.standing[which] = random_reservation(filled.rng, state.range(0));
        state.ResumeTiming();
        filled.calendar.add(filled.standing[which]);
    }
}
BENCHMARK(insert)->Arg(100)->Arg(1000)->Arg(10000)->Unit(benchmark::kMicrosecond)->Iterations(5000);

void earliest_start(benchmark::State& state) {
    Filled filled(state.range(0));
    for (auto _ : state) {
        const Instant from{from_seconds(filled.rng.uniform() * static_cast<double>(state.range(0)))};
        benchmark::DoNotOptimize(
            filled.calendar.earliest_start({.cpu = 200_cores, .memory = 600_GiB}, std::chrono::minutes(2), from));
    }
}
BENCHMARK(earliest_start)->Arg(100)->Arg(10000)->Unit(benchmark::kMicrosecond);

}  // namespace
