// SPDX-License-Identifier: Apache-2.0
// The GPUs that this process may use, as NVIDIA's driver shows them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plimsoll::machine {

struct Gpu {
    std::string model;  ///< "NVIDIA H200"
    std::string name;   ///< as CUDA_VISIBLE_DEVICES calls it: its UUID, or its number in the order of the bus
    bool operator==(const Gpu&) const = default;
};

/// Reads /proc/driver/nvidia/gpus below `root`. `visible`: CUDA_VISIBLE_DEVICES, where it is set: numbers in the order
/// of the bus, UUIDs or their beginnings; as for CUDA, what stands behind one that is not there does not count.
std::vector<Gpu> read_gpus(const std::string& root, std::optional<std::string_view> visible);

}  // namespace plimsoll::machine
