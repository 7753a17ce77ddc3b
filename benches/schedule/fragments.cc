// SPDX-License-Identifier: Apache-2.0
#include "benches/schedule/fragments.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace plimsoll::benches {
namespace {

using schedule::DeviceAsk;
using schedule::DeviceNode;

constexpr std::size_t cpu = static_cast<std::size_t>(ResourceKind::cpu);
/// Typical are the most popular shapes that make up so much of all pods.
constexpr double covered = 0.95;

int score_of_change(double change) { return static_cast<int>(100 / (1 + std::exp(-change / 1000))); }

bool suits(const DeviceNode& node, const DeviceAsk& ask) {
    return ask.devices > 0 && ask.amounts[cpu] <= node.free[cpu] &&
           (ask.models.empty() || std::find(ask.models.begin(), ask.models.end(), node.model) != ask.models.end());
}

/// Idle GPU of the node that the ask cannot use; memory is not looked at, as published.
int unusable(const DeviceNode& node, const DeviceAsk& ask, int idle) {
    if (!suits(node, ask)) return idle;
    int enough = 0, too_little = 0;
    for (const int free : node.devices) free >= ask.share ? ++enough : too_little += free;
    return enough >= ask.devices ? too_little : idle;
}

}  // namespace

Fragments::Fragments(const GpuLoad& load) : load_(load) {
    std::vector<double> count(load.shapes.size());
    for (const std::size_t shape : load.pods) count[shape] += 1 / static_cast<double>(load.pods.size());
    std::vector<std::size_t> popular(count.size());
    std::iota(popular.begin(), popular.end(), 0);
    std::stable_sort(popular.begin(), popular.end(), [&](std::size_t a, std::size_t b) { return count[a] > count[b]; });
    double sum = 0;
    for (const std::size_t shape : popular) {
        if (sum >= covered) break;
        typical_.push_back({shape, count[shape]});
        sum += count[shape];
    }
    for (const DeviceNode& node : load.nodes) fragments_.push_back(fragment(node));
    versions_.resize(load.nodes.size());
    scores_.resize(load.shapes.size());
}

double Fragments::fragment(const DeviceNode& node) const {
    const int idle = node.idle();
    double sum = 0;
    for (const Typical& typical : typical_) sum += typical.share * unusable(node, load_.shapes[typical.shape], idle);
    return sum;
}

Fragments::Score Fragments::score_of(const DeviceNode& node, std::size_t at, std::size_t shape) const {
    const DeviceAsk& ask = load_.shapes[shape];
    Score best{.version = versions_[at]};
    if (!fits(node, ask)) return best;
    const auto try_devices = [&](std::span<const int> devices) {
        DeviceNode after = node;
        take(after, ask, devices);
        const int score = score_of_change(fragments_[at] - fragment(after));
        if (score > best.score) best.score = score, best.device = devices.empty() ? -1 : devices.front();
    };
    if (!ask.is_shared()) try_devices(tightest_devices(node, ask));
    else
        for (int device = 0; device < static_cast<int>(node.devices.size()); ++device)
            if (node.devices[static_cast<std::size_t>(device)] >= ask.share) try_devices({&device, 1});
    return best;
}

std::optional<GpuPolicy::Choice> Fragments::choose(std::span<const DeviceNode> nodes, std::size_t shape) {
    scores_[shape].resize(nodes.size());
    std::size_t where = 0;
    Score best;
    for (std::size_t at = 0; at < nodes.size(); ++at) {
        Score& known = scores_[shape][at];
        if (known.version != versions_[at]) known = score_of(nodes[at], at, shape);
        if (known.score > best.score) best = known, where = at;
    }
    if (best.score < 0) return std::nullopt;
    const DeviceAsk& ask = load_.shapes[shape];
    if (!ask.is_shared()) return Choice{where, tightest_devices(nodes[where], ask)};
    return Choice{where, {best.device}};
}

void Fragments::changed(std::span<const DeviceNode> nodes, std::size_t node) {
    ++versions_[node];
    fragments_[node] = fragment(nodes[node]);
}

}  // namespace plimsoll::benches
