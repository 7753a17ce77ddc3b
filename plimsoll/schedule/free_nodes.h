// SPDX-License-Identifier: Apache-2.0
// What is free on each node now, indexed for the best fit: the node that is left with least of the kinds asked for, in
// shares of its capacity; the lowest id of equals. The rule of `plan` where nothing is known of later, found without
// looking at every node.
//
// Nodes of equal capacity stand in one order, by the sum of their free shares. What they are left with is that sum less
// what is asked for, the same for all of them; so the first in order that has room of every kind is the best.
#pragma once

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
    /// The nodes of one capacity, by the sum of their free shares of some kinds.
    struct Index {
        Kinds kinds = 0;
        std::vector<std::pair<std::size_t, double>> shares;  ///< of each such kind: of a unit in the capacity
        Order order;
        std::vector<Order::iterator> places;  ///< by node; of others: past the end
    };

    static double share_of(const ResourceCounts& amounts, const Index& index);
    bool has_room(NodeId node, const ResourceCounts& need) const;
    void add_indices(Kinds kinds);
    void move(NodeId node);

    std::vector<ResourceCounts> capacity_;
    std::vector<ResourceCounts> free_;
    std::deque<Index> indices_;  ///< that never moves: places point into its orders
    Kinds indexed_kinds_ = 0;    ///< of the last ask: mostly the next is of the same
};

}  // namespace plimsoll::schedule
