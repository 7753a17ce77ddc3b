// SPDX-License-Identifier: Apache-2.0
// One stream of pods placed by one policy: how much of the GPUs is allocated as the load rises.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "benches/schedule/gpu_load.h"

namespace plimsoll::benches {

struct GpuPoint {
    double load = 0;       ///< what all pods so far ask for, over the capacity
    double allocated = 0;  ///< share of the capacity
};

/// The published seeds.
inline constexpr std::uint64_t gpu_seeds[] = {42, 43, 44, 45, 46, 47, 48, 49, 50, 51};
inline constexpr double gpu_load_most = 1.3;

/// At each tenth of the load, the last at 130 %. A pod that finds no room is gone.
std::vector<GpuPoint> run_gpu_load(const GpuLoad& load, std::string_view policy, std::uint64_t seed);

}  // namespace plimsoll::benches
