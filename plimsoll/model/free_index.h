// SPDX-License-Identifier: Apache-2.0
// FreeIndex: which of many nodes have so much free at once, without a look at each. A tree over the nodes that knows
// the most that is free of each kind below each of its branches: branches that cannot hold what is asked for are passed
// by. A change costs the logarithm of the number of nodes; a search that and what it gives, and more only where the
// kinds are free on different nodes.
//
// On a full machine the same asks find nothing again and again. What was once found nowhere can only be on a node that
// has changed since: so changes are kept in a log, and each ask that found nothing remembers up to where it had read.
//
// It knows what is free at one instant; what is held for later the calendars know. Like them it is a noun that
// `allocate` keeps and `schedule` plans on. Searches remember: one thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "plimsoll/model/plan.h"

namespace plimsoll {

class FreeIndex {
public:
    explicit FreeIndex(std::size_t nodes = 0);
    std::size_t size() const { return size_; }
    /// After each change of the node's calendar, be it of later alone.
    void set(NodeId node, const ResourceCounts& free);
    const ResourceCounts& free(NodeId node) const { return most_[leaves_ + node]; }

    /// The node from this one on, by id, that has so much free of each kind that is asked for; size() if none has.
    NodeId next(const ResourceCounts& need, NodeId from = 0) const;

    /// How many changes there were.
    std::uint64_t changes() const { return forgotten_ + log_.size(); }
    /// The nodes that changed since there were so many, some more than once; nothing where that is not known any more.
    std::optional<std::span<const NodeId>> changed_since(std::uint64_t changes) const;

private:
    struct Hash {
        std::size_t operator()(const ResourceCounts& counts) const;
    };
    static bool has_room(const ResourceCounts& free, const ResourceCounts& need);
    NodeId search(const ResourceCounts& need, NodeId from) const;
    std::optional<NodeId> among_changed(const ResourceCounts& need, NodeId from) const;

    std::size_t size_;
    std::size_t leaves_;  ///< a power of two; node n stands at leaves_ + n, a branch at half of its children
    std::vector<ResourceCounts> most_;  ///< of each kind below; less than nothing beyond the last node
    std::vector<NodeId> log_;           ///< that changed, oldest first
    std::uint64_t forgotten_ = 0;       ///< changes before those of the log
    mutable std::unordered_map<ResourceCounts, std::uint64_t, Hash> nowhere_;  ///< asks that found nothing, and when
};

}  // namespace plimsoll
