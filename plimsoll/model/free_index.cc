// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/model/free_index.h"

#include <algorithm>
#include <bit>

namespace plimsoll {
namespace {

// What lies further back is found by a search as cheaply.
constexpr std::size_t read_at_most = 64;
constexpr std::size_t log_most = 16384;
constexpr std::size_t asks_most = 4096;

}  // namespace

std::size_t FreeIndex::Hash::operator()(const ResourceCounts& counts) const {
    std::uint64_t mixed = 0;
    for (const std::int64_t count : counts)
        mixed = (mixed ^ static_cast<std::uint64_t>(count)) * 0x9E3779B97F4A7C15 + (mixed >> 29);
    return static_cast<std::size_t>(mixed ^ mixed >> 32);
}

FreeIndex::FreeIndex(std::size_t nodes) : size_(nodes), leaves_(std::bit_ceil(std::max<std::size_t>(nodes, 1))) {
    ResourceCounts none;
    none.fill(-1);
    most_.assign(2 * leaves_, none);
}

void FreeIndex::set(NodeId node, const ResourceCounts& free) {
    if (log_.size() == log_most) {
        log_.erase(log_.begin(), log_.begin() + log_most / 2);
        forgotten_ += log_most / 2;
    }
    log_.push_back(node);
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

std::optional<std::span<const NodeId>> FreeIndex::changed_since(std::uint64_t changes) const {
    if (changes < forgotten_) return std::nullopt;
    return std::span(log_).subspan(static_cast<std::size_t>(changes - forgotten_));
}

/// Of an ask that once found nothing: what changed since can have room, and nothing else. Nothing where that is not
/// known, or a search is as cheap.
std::optional<NodeId> FreeIndex::among_changed(const ResourceCounts& need, NodeId from) const {
    const auto known = nowhere_.find(need);
    if (known == nowhere_.end()) return std::nullopt;
    const auto changed = changed_since(known->second);
    if (!changed || changed->size() > read_at_most) return std::nullopt;
    auto first = static_cast<NodeId>(size_);
    bool is_nowhere = true;
    for (const NodeId node : *changed) {
        if (!has_room(free(node), need)) continue;
        is_nowhere = false;
        if (node >= from) first = std::min(first, node);
    }
    if (is_nowhere) known->second = changes();
    return first;
}

NodeId FreeIndex::next(const ResourceCounts& need, NodeId from) const {
    if (from >= size_ || !has_room(most_[1], need)) return static_cast<NodeId>(size_);
    if (const auto found = among_changed(need, from)) return *found;
    const NodeId found = search(need, from);
    if (from == 0 && found == size_) {
        if (nowhere_.size() == asks_most) nowhere_.clear();
        nowhere_[need] = changes();
    }
    return found;
}

// Up and to the right until a branch has room for it, then down to its first leaf that has; a branch that promised too
// much, because the kinds are free on different nodes below it, is left to the right again.
NodeId FreeIndex::search(const ResourceCounts& need, NodeId from) const {
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
