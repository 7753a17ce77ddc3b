// SPDX-License-Identifier: Apache-2.0
// What is free on each node now, indexed for the best fit: the node that is left with least of the kinds asked for, in
// shares of its capacity; the lowest id of equals. The rule of `plan` where nothing is known of later, found without
// looking at every node.
//
// Nodes of equal capacity are left with the sum of their free shares less what is asked for, the same for all of them;
// so the first in order of that sum that has room of every kind is the best. They stand in such an order on each level
// of what is free of one kind: levels that have too little of it are passed by, and on one level the sum says what is
// free of the others together. With two kinds little is looked at that does not fit, however many nodes there are; with
// more kinds a search passes those of a level that lack one of the others.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "plimsoll/model/plan.h"
#include "plimsoll/model/resources.h"

namespace plimsoll::schedule {

class FreeNodes {
public:
    /// All is free at first.
    explicit FreeNodes(std::span<const Resources> capacities);

    /// Nothing when it fits on no node now.
    std::optional<NodeId> best_fit(const ResourceCounts& need);
    /// It is held there from now on, whether it fits or not; or given back.
    void take(NodeId node, const ResourceCounts& amounts);
    void give_back(NodeId node, const ResourceCounts& amounts);
    const ResourceCounts& free(NodeId node) const { return free_[node]; }

private:
    using Kinds = std::uint32_t;  ///< a bit for each
    using Order = std::set<std::pair<double, NodeId>>;
    static constexpr std::size_t levels_of_a_kind = 64;
    struct Place {
        std::optional<std::size_t> level;  ///< nothing for nodes of another capacity
        Order::iterator at;
    };
    /// The nodes of one capacity, by the sum of their free shares of some kinds.
    struct Index {
        Kinds kinds = 0;
        std::vector<std::pair<std::size_t, double>> shares;  ///< of each such kind: of a unit in the capacity
        std::array<Order, levels_of_a_kind + 1> levels;      ///< by the share that is free of the first of them
        std::vector<Place> places;                           ///< by node
    };
    struct Left {
        NodeId node = 0;
        double share = 0;
    };

    static double share_of(const ResourceCounts& amounts, const Index& index);
    static std::size_t level_of(const ResourceCounts& amounts, const Index& index);
    std::optional<Left> best_of(const Index& index, const ResourceCounts& need) const;
    bool has_room(NodeId node, const ResourceCounts& need) const;
    void add_indices(Kinds kinds);
    void move(NodeId node);

    std::vector<ResourceCounts> capacity_;
    std::vector<ResourceCounts> free_;
    std::deque<Index> indices_;  ///< that never moves: places point into its orders
    Kinds indexed_kinds_ = 0;    ///< of the last ask: mostly the next is of the same
};

}  // namespace plimsoll::schedule
