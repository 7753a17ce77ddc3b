// SPDX-License-Identifier: Apache-2.0
// What one sample adds to a profile that is full of segments, and what its end costs.
#include <benchmark/benchmark.h>

#include "plimsoll/base/random.h"
#include "plimsoll/profile/profile_builder.h"

using namespace plimsoll;
using namespace plimsoll::profile;

namespace {

Usage next(const Usage& before, Rng& rng) {
    Usage usage = before;
    usage.at += std::chrono::seconds(1);
    usage.cpu += Duration(rng.between(0, 2'000'000'000));
    usage.memory = {rng.between(0, 1 << 30)};
    return usage;
}

void add_a_sample(benchmark::State& state) {
    Rng rng(1);
    ProfileBuilder builder{Instant{}};
    Usage usage;
    for (auto _ : state) builder.add(usage = next(usage, rng));
}
BENCHMARK(add_a_sample);

void finish(benchmark::State& state) {
    Rng rng(1);
    ProfileBuilder builder{Instant{}};
    Usage usage;
    for (int left = 100; left > 0; --left) builder.add(usage = next(usage, rng));
    for (auto _ : state) benchmark::DoNotOptimize(builder.finish(usage.at + std::chrono::seconds(1), {}));
}
BENCHMARK(finish);

}  // namespace
