// SPDX-License-Identifier: Apache-2.0
#include "benches/schedule/gpu_policies.h"

#include <algorithm>
#include <cmath>

#include "benches/schedule/fragments.h"

namespace plimsoll::benches {
namespace {

using schedule::DeviceAsk;
using schedule::DeviceNode;
using Choice = GpuPolicy::Choice;

constexpr std::size_t cpu = static_cast<std::size_t>(ResourceKind::cpu);
/// What the published scores divide by: the largest node has 128 cores and 8 GPUs.
constexpr double most_cpu = 128e6, most_gpu = 8000;

int cut(double score) { return static_cast<int>(std::clamp(score, 0.0, 100.0)); }

/// Any node that has room, each as likely; of its devices for a share likewise.
class RandomPlace final : public GpuPolicy {
public:
    RandomPlace(const GpuLoad& load, Rng& rng) : load_(load), rng_(rng) {}
    std::optional<Choice> choose(std::span<const DeviceNode> nodes, std::size_t shape) override {
        const DeviceAsk& ask = load_.shapes[shape];
        std::vector<std::size_t> fitting;
        for (std::size_t at = 0; at < nodes.size(); ++at)
            if (fits(nodes[at], ask)) fitting.push_back(at);
        if (fitting.empty()) return std::nullopt;
        const std::size_t node = any_of(fitting);
        if (!ask.is_shared()) return Choice{node, tightest_devices(nodes[node], ask)};
        std::vector<int> devices;
        for (std::size_t at = 0; at < nodes[node].devices.size(); ++at)
            if (nodes[node].devices[at] >= ask.share) devices.push_back(static_cast<int>(at));
        return Choice{node, {any_of(devices)}};
    }
    void changed(std::span<const DeviceNode>, std::size_t) override {}

private:
    template <class Item>
    Item any_of(const std::vector<Item>& items) {
        return items[static_cast<std::size_t>(rng_.between(0, static_cast<int>(items.size()) - 1))];
    }
    const GpuLoad& load_;
    Rng& rng_;
};

/// Best fit, or the smallest dot product of what is free and what is asked for.
class ByFree final : public GpuPolicy {
public:
    ByFree(const GpuLoad& load, bool dot) : load_(load), dot_(dot) {}
    std::optional<Choice> choose(std::span<const DeviceNode> nodes, std::size_t shape) override {
        const DeviceAsk& ask = load_.shapes[shape];
        int best = -1;
        std::size_t where = 0;
        for (std::size_t at = 0; at < nodes.size(); ++at) {
            if (!fits(nodes[at], ask)) continue;
            const int score = score_of(nodes[at], ask);
            if (score > best) best = score, where = at;
        }
        if (best < 0) return std::nullopt;
        return Choice{where, tightest_devices(nodes[where], ask)};
    }
    void changed(std::span<const DeviceNode>, std::size_t) override {}

private:
    int score_of(const DeviceNode& node, const DeviceAsk& ask) const {
        const double free_cpu = static_cast<double>(node.free[cpu]) / most_cpu, free_gpu = node.idle() / most_gpu;
        const double asked_cpu = static_cast<double>(ask.amounts[cpu]) / most_cpu;
        const double asked_gpu = ask.thousandths() / most_gpu;
        const double left =
            dot_ ? free_cpu * asked_cpu + free_gpu * asked_gpu : free_cpu - asked_cpu + free_gpu - asked_gpu;
        return cut(100 * (1 - left / 2));
    }
    const GpuLoad& load_;
    bool dot_;
};

/// The product's own.
class Product final : public GpuPolicy {
public:
    explicit Product(const GpuLoad& load) : load_(load) {}
    std::optional<Choice> choose(std::span<const DeviceNode> nodes, std::size_t shape) override {
        placement_.learn(load_.shapes[shape]);
        return placement_.choose(nodes, load_.shapes[shape]);
    }
    void changed(std::span<const DeviceNode>, std::size_t) override {}

private:
    const GpuLoad& load_;
    schedule::DevicePlacement placement_;
};

constexpr std::string_view names[] = {"random", "dotprod", "bestfit", "fgd", "plimsoll"};

}  // namespace

std::span<const std::string_view> gpu_policy_names() { return names; }

std::unique_ptr<GpuPolicy> make_gpu_policy(std::string_view name, const GpuLoad& load, Rng& rng) {
    if (name == "random") return std::make_unique<RandomPlace>(load, rng);
    if (name == "dotprod") return std::make_unique<ByFree>(load, true);
    if (name == "bestfit") return std::make_unique<ByFree>(load, false);
    if (name == "fgd") return std::make_unique<Fragments>(load);
    if (name == "plimsoll") return std::make_unique<Product>(load);
    return nullptr;
}

}  // namespace plimsoll::benches
