// SPDX-License-Identifier: Apache-2.0
#include "benches/schedule/gpu_run.h"

#include "benches/schedule/gpu_policies.h"
#include "plimsoll/base/check.h"

namespace plimsoll::benches {

std::vector<GpuPoint> run_gpu_load(const GpuLoad& load, std::string_view policy, std::uint64_t seed) {
    Rng stream_rng(seed), policy_rng(seed + 1'000'000);
    const std::vector<std::size_t> stream = stream_of(load, gpu_load_most, stream_rng);
    const std::unique_ptr<GpuPolicy> chooser = make_gpu_policy(policy, load, policy_rng);
    PLIM_CHECK(chooser != nullptr, "no such policy");
    std::vector<schedule::DeviceNode> nodes = load.nodes;
    const auto capacity = static_cast<double>(load.capacity);
    std::int64_t asked = 0, given = 0;
    std::vector<GpuPoint> points;
    for (const std::size_t shape : stream) {
        const schedule::DeviceAsk& ask = load.shapes[shape];
        asked += ask.thousandths();
        if (const auto choice = chooser->choose(nodes, shape)) {
            take(nodes[choice->node], ask, choice->devices);
            chooser->changed(nodes, choice->node);
            given += ask.thousandths();
        }
        // A large pod may pass several tenths at once.
        const auto next = [&] { return static_cast<double>(points.size() + 1) / 10; };
        while (next() <= gpu_load_most && static_cast<double>(asked) >= next() * capacity - 1e-6)
            points.push_back({next(), static_cast<double>(given) / capacity});
    }
    return points;
}

}  // namespace plimsoll::benches
