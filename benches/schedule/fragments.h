// SPDX-License-Identifier: Apache-2.0
// FGD (Weng et al., USENIX ATC 2023): a pod goes where the GPU that typical pods cannot use grows least. In our own
// words, scores cut to whole numbers as published. Scores are kept until their node changes.
#pragma once

#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "benches/schedule/gpu_policies.h"

namespace plimsoll::benches {

class Fragments final : public GpuPolicy {
public:
    explicit Fragments(const GpuLoad& load);
    std::optional<Choice> choose(std::span<const schedule::DeviceNode> nodes, std::size_t shape) override;
    void changed(std::span<const schedule::DeviceNode> nodes, std::size_t node) override;

    /// Thousandths of devices that a typical pod cannot use there, on average over the typical ones.
    double fragment(const schedule::DeviceNode& node) const;

private:
    struct Typical {
        std::size_t shape = 0;
        double share = 0;  ///< of all pods
    };
    struct Score {
        int version = -1;
        int score = -1;  ///< -1: no room
        int device = -1;
    };
    Score score_of(const schedule::DeviceNode& node, std::size_t at, std::size_t shape) const;

    const GpuLoad& load_;
    std::vector<Typical> typical_;
    std::vector<double> fragments_;           ///< of each node as it is
    std::vector<int> versions_;               ///< of each node
    std::vector<std::vector<Score>> scores_;  ///< by shape and node
};

}  // namespace plimsoll::benches
