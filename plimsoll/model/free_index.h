// SPDX-License-Identifier: Apache-2.0
// FreeIndex: which of many nodes have so much free at once, without a look at each. A tree over the nodes that knows
// the most that is free of each kind below each of its branches: branches that cannot hold what is asked for are passed
// by. A change costs the logarithm of the number of nodes; a search that and what it gives, and more only where the
// kinds are free on different nodes.
//
// It knows what is free at one instant; what is held for later the calendars know. Like them it is a noun that
// `allocate` keeps and `schedule` plans on.
#pragma once

#include <cstddef>
#include <vector>

#include "plimsoll/model/plan.h"

namespace plimsoll {

class FreeIndex {
public:
    explicit FreeIndex(std::size_t nodes = 0);
    std::size_t size() const { return size_; }
    void set(NodeId node, const ResourceCounts& free);
    const ResourceCounts& free(NodeId node) const { return most_[leaves_ + node]; }

    /// The node from this one on, by id, that has so much free of each kind that is asked for; size() if none has.
    NodeId next(const ResourceCounts& need, NodeId from = 0) const;

private:
    static bool has_room(const ResourceCounts& free, const ResourceCounts& need);

    std::size_t size_;
    std::size_t leaves_;  ///< a power of two; node n stands at leaves_ + n, a branch at half of its children
    std::vector<ResourceCounts> most_;  ///< of each kind below; less than nothing beyond the last node
};

}  // namespace plimsoll
