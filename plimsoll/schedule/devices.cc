// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/schedule/devices.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "plimsoll/base/check.h"

namespace plimsoll::schedule {

DeviceAsk devices_for(double gpu) {
    if (gpu <= 0) return {};
    if (gpu < 1) return {.devices = 1, .share = static_cast<int>(std::lround(gpu * whole_device))};
    return {.devices = static_cast<int>(std::lround(gpu))};
}

DeviceNode idle_devices(int count) {
    return {.devices = std::vector<int>(static_cast<std::size_t>(count), whole_device)};
}

int DeviceNode::idle() const { return std::accumulate(devices.begin(), devices.end(), 0); }

bool fits(const DeviceNode& node, const DeviceAsk& ask) {
    for (std::size_t kind = 0; kind < ask.amounts.size(); ++kind)
        if (ask.amounts[kind] > 0 && ask.amounts[kind] > node.free[kind]) return false;
    if (ask.devices == 0) return true;
    if (!ask.models.empty() && std::find(ask.models.begin(), ask.models.end(), node.model) == ask.models.end())
        return false;
    return std::count_if(node.devices.begin(), node.devices.end(), [&](int free) { return free >= ask.share; }) >=
           ask.devices;
}

std::vector<int> tightest_devices(const DeviceNode& node, const DeviceAsk& ask) {
    std::vector<int> fitting;
    for (std::size_t at = 0; at < node.devices.size(); ++at)
        if (node.devices[at] >= ask.share) fitting.push_back(static_cast<int>(at));
    const auto free = [&](int at) { return node.devices[static_cast<std::size_t>(at)]; };
    std::stable_sort(fitting.begin(), fitting.end(), [&](int a, int b) { return free(a) < free(b); });
    fitting.resize(std::min(fitting.size(), static_cast<std::size_t>(ask.devices)));
    return fitting;
}

void take(DeviceNode& node, const DeviceAsk& ask, std::span<const int> devices) {
    PLIM_CHECK(devices.size() == static_cast<std::size_t>(ask.devices), "a task takes as many devices as it asks for");
    for (std::size_t kind = 0; kind < ask.amounts.size(); ++kind) node.free[kind] -= ask.amounts[kind];
    for (const int device : devices) node.devices[static_cast<std::size_t>(device)] -= ask.share;
}

void give_back(DeviceNode& node, const DeviceAsk& ask, std::span<const int> devices) {
    for (std::size_t kind = 0; kind < ask.amounts.size(); ++kind) node.free[kind] += ask.amounts[kind];
    for (const int device : devices) node.devices[static_cast<std::size_t>(device)] += ask.share;
}

}  // namespace plimsoll::schedule
