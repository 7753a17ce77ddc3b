// SPDX-License-Identifier: Apache-2.0
// DevicePlacement: on which node, and which of its GPUs, a task goes, so that as little as possible is left over that
// nobody can use. The node is taken whose worth falls least. What counts as lost on a node:
//
//   stranded   idle GPU that the rest of the node can no longer feed: the typical task wants so many cores and so much
//              memory per GPU, and GPU beyond what the free cores or memory allow at that rate stays idle. So tasks
//              that want many cores go where cores are plenty, and those that want few go where they are short.
//   leftovers  what is expected to stay unused of each device's free part, when it may choose among the shares that
//              are typical. It is the value of a finite choice problem: W(0 offers, g) = g, and with each offer of a
//              share s, drawn as they are asked for, the device takes it if that is better:
//              W(n, g) = E min(W(n - 1, g), W(n - 1, g - s)). A hole that common shares fill exactly costs nothing.
//   openness   a little for the idle share of the node, so that begun nodes are filled before others are begun.
//
// What is typical is learnt from the asks seen so far, old ones fading; nothing is known of those to come. Related: FGD
// (Weng et al., USENIX ATC 2023) counts GPU that a typical task cannot use now; it sees cores only once they are out.
//
// Limits: tasks come one at a time and are not moved; between models of GPU it does not choose.
#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "plimsoll/schedule/devices.h"

namespace plimsoll::schedule {

class DevicePlacement {
public:
    struct Options {
        int offers = 30;         ///< how many shares a device may choose from before its leftover is lost
        double openness = 0.05;  ///< what a wholly idle node counts, in devices
        double memory = 4096;    ///< asks after which an old one counts half
    };
    struct Choice {
        std::size_t node = 0;
        std::vector<int> devices;
        bool operator==(const Choice&) const = default;
    };

    DevicePlacement() : DevicePlacement(Options{}) {}
    explicit DevicePlacement(const Options& options);

    /// The load as it comes: each ask once, whether it will find a place or not.
    void learn(const DeviceAsk& ask);
    /// The place that loses least among those that fit, the lowest node and device of equals; nothing if none fits.
    std::optional<Choice> choose(std::span<const DeviceNode> nodes, const DeviceAsk& ask) const;

private:
    double stranded(const ResourceCounts& free, int idle) const;
    std::pair<double, int> device_for_share(const DeviceNode& node, int share) const;
    double leftover_change(const DeviceNode& node, const DeviceAsk& ask, int& device) const;
    double loss(const DeviceNode& node, const DeviceAsk& ask, int& device) const;
    void refresh();

    Options options_;
    std::map<int, double> shares_;                      ///< how much each share is asked for
    std::array<double, resource_kind_count> wanted_{};  ///< beside GPU, by those who want GPU
    double wanted_gpu_ = 0;                             ///< thousandths
    double seen_ = 0, refresh_at_ = 1;
    std::vector<double> leftover_;  ///< expected to stay unused, by what is free of a device
};

}  // namespace plimsoll::schedule
