// SPDX-License-Identifier: Apache-2.0
// Draft: the nodes as they stand in the middle of a plan, after what was decided so far.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "plimsoll/schedule/devices.h"
#include "plimsoll/schedule/earliest_starts.h"
#include "plimsoll/schedule/schedule.h"

namespace plimsoll::schedule {

/// Copies a calendar when it first changes it. The snapshot's nodes outlive it.
class Draft final : public DraftedNodes {
public:
    explicit Draft(const Snapshot& snapshot)
        : nodes_(snapshot.nodes), free_(snapshot.free), devices_(snapshot.devices) {}

    NodeId count() const override { return static_cast<NodeId>(nodes_.size()); }
    const FreeIndex* free() const { return free_; }
    std::vector<NodeId> drafted() const override {
        std::vector<NodeId> ids;
        for (const auto& [id, calendar] : changed_) ids.push_back(id);
        return ids;
    }
    const Calendar& node(NodeId id) const override {
        const auto changed = changed_.find(id);
        return changed == changed_.end() ? nodes_[id] : changed->second;
    }
    /// The first node from this id on that may have so much free now: what was decided since only takes away.
    NodeId with_room(const ResourceCounts& need, NodeId from) const { return free_ ? free_->next(need, from) : from; }
    /// A bit for each kind of which so much is free on no node now, but for those of which that would take long to
    /// tell.
    std::uint32_t lacking(const ResourceCounts& amounts, Instant now) const;
    /// Has it as many GPUs with so much left of each?
    bool has_devices(NodeId id, const DeviceAsk& ask) const {
        if (ask.devices == 0 || devices_.empty()) return true;
        const auto changed = changed_devices_.find(id);
        return fits(changed == changed_devices_.end() ? devices_[id] : changed->second, ask);
    }
    /// What starts there has its devices.
    void take_devices(NodeId id, const DeviceAsk& ask) {
        if (ask.devices == 0 || devices_.empty()) return;
        DeviceNode& there = changed_devices_.try_emplace(id, devices_[id]).first->second;
        take(there, ask, tightest_devices(there, ask));
    }
    void add(const Reservation& reservation) { changed(reservation.node).add(reservation); }
    void remove(const Reservation& reservation) { changed(reservation.node).remove(reservation); }

private:
    bool lacks(std::size_t kind, std::int64_t amount, Instant now) const;
    Calendar& changed(NodeId id) { return changed_.try_emplace(id, nodes_[id]).first->second; }

    std::span<const Calendar> nodes_;
    const FreeIndex* free_;
    std::map<NodeId, Calendar> changed_;
    std::span<const DeviceNode> devices_;
    std::map<NodeId, DeviceNode> changed_devices_;
};

/// The node that the amounts fill best among the first `candidates` where they fit from now on, and so do the devices
/// now; the lowest id of equals.
std::optional<NodeId> best_fit(const Draft& draft, const Need& need, const DeviceAsk& devices, Instant now, Instant end,
                               int candidates);

}  // namespace plimsoll::schedule
