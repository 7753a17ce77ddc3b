// SPDX-License-Identifier: Apache-2.0
// Where a pod goes: the rivals of the openb protocol in our own words, and the product's own placement.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "benches/schedule/gpu_load.h"
#include "plimsoll/schedule/device_placement.h"

namespace plimsoll::benches {

class GpuPolicy {
public:
    using Choice = schedule::DevicePlacement::Choice;
    virtual ~GpuPolicy() = default;
    /// Nothing where no node has room. `shape` is a place in the load's shapes.
    virtual std::optional<Choice> choose(std::span<const schedule::DeviceNode> nodes, std::size_t shape) = 0;
    /// This node is not what it was.
    virtual void changed(std::span<const schedule::DeviceNode> nodes, std::size_t node) = 0;
};

std::span<const std::string_view> gpu_policy_names();
/// The load outlives it, the generator too. Nothing for a name that is none.
std::unique_ptr<GpuPolicy> make_gpu_policy(std::string_view name, const GpuLoad& load, Rng& rng);

}  // namespace plimsoll::benches
