// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/schedule/device_placement.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace plimsoll::schedule {
namespace {

/// The mix is taken anew when it has grown by a quarter: what changes it more slowly than that changes no choice.
constexpr double growth_until_refresh = 1.25;
/// Losses nearer to each other than a millionth of a device are equal: they differ by rounding alone.
constexpr double noise = 1e-3;

}  // namespace

DevicePlacement::DevicePlacement(const Options& options) : options_(options), leftover_(whole_device + 1) {
    for (std::size_t free = 0; free < leftover_.size(); ++free) leftover_[free] = static_cast<double>(free);
}

void DevicePlacement::learn(const DeviceAsk& ask) {
    if (ask.devices == 0) return;
    // New asks weigh ever more instead of old ones ever less; the sums are cut back before they lose digits.
    const double weight = std::exp2(seen_ / options_.memory);
    shares_[ask.share] += weight;
    for (std::size_t kind = 0; kind < wanted_.size(); ++kind)
        wanted_[kind] += weight * static_cast<double>(ask.amounts[kind]);
    wanted_gpu_ += weight * ask.thousandths();
    if (++seen_ < refresh_at_) return;
    refresh_at_ = std::min(seen_ * growth_until_refresh, seen_ + options_.memory / 4);
    refresh();
    if (weight < 1e6) return;
    for (auto& [share, count] : shares_) count /= weight;
    for (double& wanted : wanted_) wanted /= weight;
    wanted_gpu_ /= weight;
    refresh_at_ -= seen_;
    seen_ = 0;
}

void DevicePlacement::refresh() {
    double total = 0;
    for (const auto& [share, count] : shares_) total += count;
    for (std::size_t free = 0; free < leftover_.size(); ++free) leftover_[free] = static_cast<double>(free);
    std::vector<double> next(leftover_.size());
    for (int offer = 0; offer < options_.offers; ++offer) {
        for (std::size_t free = 0; free < next.size(); ++free) {
            next[free] = leftover_[free];
            for (const auto& [share, count] : shares_) {
                if (static_cast<std::size_t>(share) > free) break;
                const double taken = leftover_[free - static_cast<std::size_t>(share)];
                if (taken < leftover_[free]) next[free] += count / total * (taken - leftover_[free]);
            }
        }
        leftover_.swap(next);
    }
}

double DevicePlacement::stranded(const ResourceCounts& free, int idle) const {
    double fed = idle;
    for (std::size_t kind = 0; kind < wanted_.size(); ++kind)
        if (wanted_[kind] > 0) fed = std::min(fed, static_cast<double>(free[kind]) * (wanted_gpu_ / wanted_[kind]));
    return idle - fed;
}

/// The device whose leftover grows least, and by how much.
std::pair<double, int> DevicePlacement::device_for_share(const DeviceNode& node, int share) const {
    std::pair<double, int> best{std::numeric_limits<double>::infinity(), -1};
    for (std::size_t at = 0; at < node.devices.size(); ++at) {
        const int free = node.devices[at];
        if (free < share) continue;
        const double change =
            leftover_[static_cast<std::size_t>(free - share)] - leftover_[static_cast<std::size_t>(free)];
        if (change < best.first - noise) best = {change, static_cast<int>(at)};
    }
    return best;
}

/// How much more of the devices is expected to stay unused; `device` is the one that is shared, -1 of whole ones.
double DevicePlacement::leftover_change(const DeviceNode& node, const DeviceAsk& ask, int& device) const {
    device = -1;
    if (ask.devices == 0) return 0;
    if (!ask.is_shared()) return -leftover_.back() * ask.devices;
    const auto [change, best] = device_for_share(node, ask.share);
    device = best;
    return change;
}

/// What the node loses, in thousandths of a device, if the ask goes there.
double DevicePlacement::loss(const DeviceNode& node, const DeviceAsk& ask, int& device) const {
    ResourceCounts left = node.free;
    for (std::size_t kind = 0; kind < left.size(); ++kind) left[kind] -= ask.amounts[kind];
    const int idle = node.idle(), idle_left = idle - ask.thousandths();
    const double open =
        node.devices.empty() ? 0 : options_.openness * idle_left / static_cast<double>(node.devices.size());
    return stranded(left, idle_left) - stranded(node.free, idle) + leftover_change(node, ask, device) + open;
}

std::optional<DevicePlacement::Choice> DevicePlacement::choose(std::span<const DeviceNode> nodes,
                                                               const DeviceAsk& ask) const {
    double least = std::numeric_limits<double>::infinity();
    std::optional<std::size_t> where;
    int shared = -1;
    for (std::size_t at = 0; at < nodes.size(); ++at) {
        if (!fits(nodes[at], ask)) continue;
        int device = -1;
        const double loss = this->loss(nodes[at], ask, device);
        if (loss < least - noise) least = loss, where = at, shared = device;
    }
    if (!where) return std::nullopt;
    if (shared >= 0) return Choice{*where, {shared}};
    return Choice{*where, tightest_devices(nodes[*where], ask)};
}

}  // namespace plimsoll::schedule
