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

/// The same, held in so many phases, each half of the one before.
Reservation in_phases(Reservation flat, int count) {
    if (count < 2) return flat;
    for (int at = 1; at <= count; ++at)
        flat.phases.push_back({(flat.end - flat.start) * at / count,
                               {.cpu = flat.amounts.cpu, .memory = Bytes{flat.amounts.memory.count >> (at - 1)}}});
    return flat;
}

struct Filled {
    Rng rng{1};
    Calendar calendar{{.cpu = 256_cores, .memory = 1024_GiB}};
    std::vector<Reservation> standing;
    int phases;
    explicit Filled(std::int64_t count, int in_each = 1) : phases(in_each) {
        for (std::int64_t at = 0; at < count; ++at) calendar.add(standing.emplace_back(random(count)));
    }
    Reservation random(std::int64_t count) { return in_phases(random_reservation(rng, count), phases); }
};

void insert(benchmark::State& state) {
    Filled filled(state.range(0), static_cast<int>(state.range(1)));
    for (auto _ : state) {
        state.PauseTiming();
        const auto which = static_cast<std::size_t>(filled.rng.between(0, state.range(0) - 1));
        filled.calendar.remove(filled.standing[which]);
        filled.standing[which] = filled.random(state.range(0));
        state.ResumeTiming();
        filled.calendar.add(filled.standing[which]);
    }
}
BENCHMARK(insert)
    ->ArgNames({"standing", "phases"})
    ->ArgsProduct({{100, 1000, 10000}, {1, 4}})
    ->Unit(benchmark::kMicrosecond)
    ->Iterations(5000);

void earliest_start(benchmark::State& state) {
    const auto phases = static_cast<int>(state.range(1));
    Filled filled(state.range(0), phases);
    const Reservation asked = in_phases(
        {.amounts = {.cpu = 200_cores, .memory = 600_GiB}, .end = Instant{} + std::chrono::minutes(2)}, phases);
    const Need need = need_of(asked.amounts, asked.phases);
    for (auto _ : state) {
        const Instant from{from_seconds(filled.rng.uniform() * static_cast<double>(state.range(0)))};
        benchmark::DoNotOptimize(filled.calendar.earliest_start(need, std::chrono::minutes(2), from));
    }
}
BENCHMARK(earliest_start)
    ->ArgNames({"standing", "phases"})
    ->ArgsProduct({{100, 10000}, {1, 4}})
    ->Unit(benchmark::kMicrosecond);

}  // namespace
