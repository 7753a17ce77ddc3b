// SPDX-License-Identifier: Apache-2.0
// What an agreement costs, by the number of other runs on the machine.
#include <benchmark/benchmark.h>

#include <filesystem>
#include <memory>
#include <vector>

#include "plimsoll/base/random.h"
#include "plimsoll/machine/host.h"

using namespace plimsoll;
using namespace plimsoll::machine;

namespace {

void agreement(benchmark::State& state) {
    const std::string file = "/dev/shm/plimsoll-bench-" + random_hex(8);
    const MachineClock clock;
    const Host host = read_host().value();
    const auto run = [&] {
        return std::make_unique<SharedLedger>(SharedLedger::Setup{.machine = host.amounts,
                                                                  .options = {},
                                                                  .file = file,
                                                                  .used_by_this_run = [] { return Bytes{}; },
                                                                  .memory = [&host] { return read_memory(host); }},
                                              clock);
    };
    std::vector<std::unique_ptr<SharedLedger>> others;
    for (std::int64_t left = state.range(0); left > 0; --left) others.push_back(run());
    const auto mine = run();
    for (auto _ : state) mine->agree([](const Resources&) { return Resources{}; });
    std::filesystem::remove(file);
}
BENCHMARK(agreement)->Arg(0)->Arg(1)->Arg(10)->Unit(benchmark::kMicrosecond);

void look_at_memory(benchmark::State& state) {
    const Host host = read_host().value();
    for (auto _ : state) benchmark::DoNotOptimize(read_memory(host));
}
BENCHMARK(look_at_memory)->Unit(benchmark::kMicrosecond);

}  // namespace
