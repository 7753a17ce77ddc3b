// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/model/free_index.h"

#include <algorithm>
#include <bit>

namespace plimsoll {

FreeIndex::FreeIndex(std::size_t nodes) : size_(nodes), leaves_(std::bit_ceil(std::max<std::size_t>(nodes, 1))) {
    ResourceCounts none;
    none.fill(-1);
    most_.assign(2 * leaves_, none);
}

void FreeIndex::set(NodeId node, const ResourceCounts& free) {
    std::size_t at = leaves_ + node;
    if (most_[at] == free) return;
    most_[at] = free;
    for (at /= 2; at >= 1; at /= 2) {
        ResourceCounts most = most_[2 * at];
        for (std::size_t kind = 0; kind < most.size(); ++kind)
            most[kind] = std::max(most[kind], most_[2 * at + 1][kind]);
        if (most == most_[at]) return;
        most_[at] = most;
    }
}

bool FreeIndex::has_room(const ResourceCounts& free, const ResourceCounts& need) {
    bool room = true;
    for (std::size_t kind = 0; kind < need.size(); ++kind) room &= need[kind] == 0 || need[kind] <= free[kind];
    return room;
}

// Up and to the right until a branch has room for it, then down to its first leaf that has; a branch that promised too
// much, because the kinds are free on different nodes below it, is left to the right again.
NodeId FreeIndex::next(const ResourceCounts& need, NodeId from) const {
    if (from >= size_) return static_cast<NodeId>(size_);
    std::size_t at = leaves_ + from;
    while (true) {
        if (has_room(most_[at], need)) {
            if (at >= leaves_) return static_cast<NodeId>(std::min(at - leaves_, size_));
            at *= 2;
            continue;
        }
        while (at % 2 == 1) {
            at /= 2;
            if (at <= 1) return static_cast<NodeId>(size_);
        }
        ++at;
        if (std::has_single_bit(at)) return static_cast<NodeId>(size_);
    }
}

}  // namespace plimsoll
