// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/schedule/free_nodes.h"

#include <algorithm>
#include <bit>
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

/// Of the first kind; one that is held beyond what there is counts as none.
std::size_t FreeNodes::level_of(const ResourceCounts& amounts, const Index& index) {
    if (index.shares.empty()) return 0;
    const auto& [kind, share] = index.shares.front();
    const double level = static_cast<double>(amounts[kind]) * share * levels_of_a_kind + rounding;
    return static_cast<std::size_t>(std::clamp(level, 0.0, static_cast<double>(levels_of_a_kind)));
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
        if (index.places.empty()) index.places.resize(capacity_.size());
        const std::size_t level = level_of(free_[node], index);
        index.places[node] = {level, index.levels[level].emplace(share_of(free_[node], index), node).first};
    }
}

std::optional<NodeId> FreeNodes::best_fit(const ResourceCounts& need) {
    const Kinds kinds = kinds_in(need);
    if (kinds != indexed_kinds_ || indices_.empty()) {
        if (std::ranges::find(indices_, kinds, &Index::kinds) == indices_.end()) add_indices(kinds);
        indexed_kinds_ = kinds;
    }
    std::optional<Left> best;
    for (const Index& index : indices_) {
        if (index.kinds != kinds) continue;
        const auto found = best_of(index, need);
        if (!found) continue;
        if (!best || std::pair(found->share, found->node) < std::pair(best->share, best->node)) best = found;
    }
    if (!best) return std::nullopt;
    return best->node;
}

/// Nodes of a level have at least that much of the first kind, so that with the others that are asked for none has a
/// lower sum: where that is more than the best has, no higher level can be better.
std::optional<FreeNodes::Left> FreeNodes::best_of(const Index& index, const ResourceCounts& need) const {
    if (static_cast<std::size_t>(std::popcount(index.kinds)) != index.shares.size()) return std::nullopt;  // lack one
    const double asked = share_of(need, index);
    const double of_first =
        index.shares.empty() ? 0 : static_cast<double>(need[index.shares.front().first]) * index.shares.front().second;
    const std::pair<double, NodeId>* best = nullptr;
    for (std::size_t level = level_of(need, index); level <= levels_of_a_kind; ++level) {
        const double least_free = static_cast<double>(level) / levels_of_a_kind;
        const double least_sum = asked - of_first + std::max(of_first, least_free) - 2 * rounding;
        if (best && least_sum > best->first) break;
        const Order& order = index.levels[level];
        if (order.empty()) continue;
        for (auto at = order.lower_bound({least_sum, 0}); at != order.end() && (!best || *at < *best); ++at) {
            if (!has_room(at->second, need)) continue;
            best = &*at;
            break;
        }
    }
    if (!best) return std::nullopt;
    return Left{.node = best->second, .share = best->first - asked};
}

/// Its place in every order, after what is free there has changed. Nothing is allocated.
void FreeNodes::move(NodeId node) {
    for (Index& index : indices_) {
        Place& place = index.places[node];
        if (!place.level) continue;
        auto handle = index.levels[*place.level].extract(place.at);
        handle.value().first = share_of(free_[node], index);
        place.level = level_of(free_[node], index);
        place.at = index.levels[*place.level].insert(std::move(handle)).position;
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
