// SPDX-License-Identifier: Apache-2.0
// The openb protocol (FGD, Weng et al., USENIX ATC 2023): a cluster of GPU nodes and a stream of pods that come one by
// one and stay, until their requests reach 130 % of the GPUs there are.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "plimsoll/base/random.h"
#include "plimsoll/base/result.h"
#include "plimsoll/schedule/devices.h"

namespace plimsoll::benches {

struct GpuLoad {
    std::string name;                         ///< "default", as the file of pods says
    std::vector<schedule::DeviceNode> nodes;  ///< empty, in order of name
    std::vector<schedule::DeviceAsk> shapes;  ///< that differ
    std::vector<std::size_t> pods;            ///< the shape of each
    std::int64_t capacity = 0;                ///< thousandths of a device
};

/// One per openb_pod_list_NAME.csv[.gz] of the folder, by name, on the nodes of openb_node_list_gpu_node.csv[.gz].
Result<std::vector<GpuLoad>> read_gpu_loads(const std::string& folder);

/// The pods shuffled, then clones of pods drawn at random, until their requests come to so many times the capacity.
std::vector<std::size_t> stream_of(const GpuLoad& load, double times, Rng& rng);

}  // namespace plimsoll::benches
