// SPDX-License-Identifier: Apache-2.0
// Nodes whose GPUs are told apart: a task takes whole devices, or a share of one device, never parts of several.
// Shares are counted in thousandths of a device, so that what is taken and given back leaves nothing behind.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "plimsoll/model/resources.h"

namespace plimsoll::schedule {

inline constexpr int whole_device = 1000;

struct DeviceAsk {
    ResourceCounts amounts{};         ///< of all kinds but gpu, which is told by the two below
    int devices = 0;                  ///< how many; 0: none
    int share = whole_device;         ///< thousandths of each; less than the whole only of one device
    std::vector<std::string> models;  ///< that will do; empty: any
    bool operator==(const DeviceAsk&) const = default;

    bool is_shared() const { return devices > 0 && share < whole_device; }
    /// Thousandths of a device in all.
    int thousandths() const { return devices * share; }
};

/// The devices alone, of a number of them: whole ones, or a share of one, to the nearest thousandth.
DeviceAsk devices_for(double gpu);

struct DeviceNode {
    ResourceCounts free{};     ///< of all kinds but gpu
    std::vector<int> devices;  ///< free thousandths of each
    std::string model;         ///< of all its devices
    bool operator==(const DeviceNode&) const = default;

    /// Thousandths of devices that are free.
    int idle() const;
};

/// So many idle devices, whatever else there is.
DeviceNode idle_devices(int count);

/// Are the amounts there, and as many devices of a model that will do with so much free?
bool fits(const DeviceNode& node, const DeviceAsk& ask);
/// The fitting devices with the least left, so many as are asked for; the lowest number of equals.
std::vector<int> tightest_devices(const DeviceNode& node, const DeviceAsk& ask);
void take(DeviceNode& node, const DeviceAsk& ask, std::span<const int> devices);
void give_back(DeviceNode& node, const DeviceAsk& ask, std::span<const int> devices);

}  // namespace plimsoll::schedule
