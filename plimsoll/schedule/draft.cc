// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/schedule/draft.h"

namespace plimsoll::schedule {
namespace {

/// The share of the node that would be left free at first of the kinds asked for; the tightest fit leaves least. What
/// is left now is what the next in line can use; that later phases fit, others have seen to.
double leftover(const Calendar& node, const ResourceCounts& need, Instant now) {
    const ResourceCounts free = counts_of(node.free_at(now));
    const ResourceCounts capacity = counts_of(node.capacity());
    double left = 0;
    for (std::size_t kind = 0; kind < need.size(); ++kind)
        if (need[kind] > 0) left += static_cast<double>(free[kind] - need[kind]) / static_cast<double>(capacity[kind]);
    return left;
}

}  // namespace

std::uint32_t Draft::lacking(const ResourceCounts& amounts, Instant now) const {
    std::uint32_t kinds = 0;
    for (std::size_t kind = 0; free_ != nullptr && kind < amounts.size(); ++kind)
        if (amounts[kind] > 0 && lacks(kind, amounts[kind], now)) kinds |= std::uint32_t{1} << kind;
    return kinds;
}

bool Draft::lacks(std::size_t kind, std::int64_t amount, Instant now) const {
    constexpr int looked_at_most = 8;  // those that this plan has filled, mostly
    ResourceCounts need{};
    need[kind] = amount;
    NodeId id = free_->next(need);
    for (int looked = 0; id < count(); id = free_->next(need, id + 1), ++looked)
        if (looked == looked_at_most || counts_of(node(id).free_at(now))[kind] >= amount) return false;
    return true;
}

std::optional<NodeId> best_fit(const Draft& draft, const Need& need, const DeviceAsk& devices, Instant now, Instant end,
                               int candidates) {
    std::optional<NodeId> best;
    double least = 0;
    int met = 0;
    for (NodeId id = draft.with_room(need.at_start(), 0); id < draft.count() && met < candidates;
         id = draft.with_room(need.at_start(), id + 1)) {
        if (!draft.node(id).fits_throughout(need, now, end) || !draft.has_devices(id, devices)) continue;
        ++met;
        const double left = leftover(draft.node(id), need.at_start(), now);
        if (!best || left < least) best = id, least = left;
    }
    return best;
}

}  // namespace plimsoll::schedule
