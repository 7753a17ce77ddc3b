// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/schedule/free_nodes.h"

#include <algorithm>
#include <map>

namespace plimsoll::schedule {
namespace {

// Sums of shares that are equal but for rounding.
constexpr double rounding = 1e-9;

std::uint32_t kinds_in(const ResourceCounts& amounts) {
    std::uint32_t kinds = 0;
    for (std::size_t kind = 0; kind < amounts.size(); ++kind)
        if (amounts[kind] > 0) kinds |= std::uint32_t{1} << kind;
    return kinds;
}

}  // namespace

FreeNodes::FreeNodes(std::span<const Resources> capacities) {
    for (const Resources& capacity : capacities) capacity_.push_back(counts_of(capacity));
    free_ = capacity_;
}

double FreeNodes::share_of(const ResourceCounts& amounts, const Index& index) {
    double sum = 0;
    for (const auto& [kind, share] : index.shares) sum += static_cast<double>(amounts[kind]) * share;
    return sum;
}

bool FreeNodes::has_room(NodeId node, const ResourceCounts& need) const {
    const ResourceCounts& free = free_[node];
    for (std::size_t kind = 0; kind < need.size(); ++kind)
        if (need[kind] > 0 && need[kind] > free[kind]) return false;
    return true;
}

void FreeNodes::add_indices(Kinds kinds) {
    std::map<ResourceCounts, std::size_t> of_capacity;
    for (NodeId node = 0; node < capacity_.size(); ++node) {
        const auto [known, is_new] = of_capacity.try_emplace(capacity_[node], indices_.size());
        if (is_new) {
            Index& made = indices_.emplace_back();
            made.kinds = kinds;
            for (std::size_t kind = 0; kind < capacity_[node].size(); ++kind)
                if ((kinds >> kind & 1) != 0 && capacity_[node][kind] > 0)
                    made.shares.emplace_back(kind, 1 / static_cast<double>(capacity_[node][kind]));
        }
        Index& index = indices_[known->second];
        if (index.places.empty()) index.places.resize(capacity_.size(), index.order.end());
        index.places[node] = index.order.emplace(share_of(free_[node], index), node).first;
    }
}

std::optional<NodeId> FreeNodes::best_fit(const ResourceCounts& need) {
    const Kinds kinds = kinds_in(need);
    if (kinds != indexed_kinds_ || indices_.empty()) {
        if (std::ranges::find(indices_, kinds, &Index::kinds) == indices_.end()) add_indices(kinds);
        indexed_kinds_ = kinds;
    }
    std::optional<NodeId> best;
    double least = 0;
    for (const Index& index : indices_) {
        if (index.kinds != kinds) continue;
        const double asked = share_of(need, index);
        for (auto at = index.order.lower_bound({asked - rounding, 0}); at != index.order.end(); ++at) {
            if (!has_room(at->second, need)) continue;
            const double left = at->first - asked;
            if (!best || left < least || (left == least && at->second < *best)) best = at->second, least = left;
            break;
        }
    }
    return best;
}

/// Its place in every order, after what is free there has changed. Nothing is allocated.
void FreeNodes::move(NodeId node) {
    for (Index& index : indices_) {
        if (index.places[node] == index.order.end()) continue;
        auto handle = index.order.extract(index.places[node]);
        handle.value().first = share_of(free_[node], index);
        index.places[node] = index.order.insert(std::move(handle)).position;
    }
}

void FreeNodes::take(NodeId node, const ResourceCounts& amounts) {
    for (std::size_t kind = 0; kind < amounts.size(); ++kind) free_[node][kind] -= amounts[kind];
    move(node);
}

void FreeNodes::give_back(NodeId node, const ResourceCounts& amounts) {
    for (std::size_t kind = 0; kind < amounts.size(); ++kind) free_[node][kind] += amounts[kind];
    move(node);
}

}  // namespace plimsoll::schedule
