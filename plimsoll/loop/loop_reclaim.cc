// SPDX-License-Identifier: Apache-2.0
// Reclaim: a queue that has waited below its share, in this run or another on this machine, gets back what queues of
// this run have borrowed.
#include <fmt/format.h>

#include <algorithm>

#include "plimsoll/base/probe.h"
#include "plimsoll/loop/loop.h"
#include "plimsoll/schedule/reclaim.h"

namespace plimsoll::loop {

/// The first in line of each queue that reclaims and in which somebody waits, here or elsewhere.
std::map<schedule::QueueId, Resources> Loop::first_of_reclaiming() const {
    std::map<schedule::QueueId, Resources> first;
    for (schedule::QueueId queue = 0; queue < queue_.size(); ++queue)
        if (const schedule::Queue& line = queue_.line(queue); queue_.spec(queue).reclaim_after && !line.empty())
            first.emplace(queue, line.groups().begin()->second->ask.amounts);
    for (const schedule::Neighbour& other : queue_.neighbours())
        if (queue_.spec(other.queue).reclaim_after) first.try_emplace(other.queue, other.ask);
    return first;
}

/// After the starts of a plan: who still waits below its share, and for whom it has been long enough.
void Loop::reclaim(Instant now) {
    if (!has_reclaim_) return;
    std::map<schedule::QueueId, Short> still;
    for (const auto& [queue, ask] : first_of_reclaiming()) {
        if (!schedule::may_claim(queue_.shares(), queue)) continue;
        const auto before = short_.find(queue);
        still.emplace(queue, Short{before == short_.end() ? now : before->second.since, ask});
    }
    short_ = std::move(still);
    if (!leaving_.empty() || running_.empty()) return;
    for (const auto& [queue, waiting] : short_) {
        if (now - waiting.since < *queue_.spec(queue).reclaim_after) continue;
        if (queue_.shares().limited_by(queue, waiting.ask)) continue;
        const auto made = schedule::reclaim_for(queue, waiting.ask, stoppable(now), free_at(now), queue_.shares());
        if (!made) continue;
        PLIM_PROBE("loop: a queue takes back what others have borrowed");
        const std::string reason = fmt::format(
            "reclaimed by queue {}, which had waited {} below its share: it held {:.1f} % of the machine, and {:.1f} % "
            "are due to it",
            queue_.spec(queue).path, format(now - waiting.since), 100 * queue_.shares().share(queue),
            100 * queue_.shares().due(queue));
        for (const schedule::Preemption::Victim& victim : made->victims) preempt(victim, reason, now);
        replan_ = true;
        return;  // one at a time: what it frees the next plan sees
    }
}

/// This run starts nothing just now, and may still hold what others have waited for.
void Loop::give_to_others(const Resources& may_hold, Instant now) {
    if (!queue_.empty()) return;  // what its own tasks are owed is no use to them yet
    note_room(may_hold, now);
    note_shares(now);
    reclaim(now);
}

/// Would the first of another queue that waits below its share take what is free on the node?
bool Loop::is_claimed(schedule::QueueId from, NodeId node, Instant now) const {
    return std::ranges::any_of(short_, [&](const auto& claim) {
        return claim.first != from && fits(claim.second.ask, pool_.calendars()[node].free_at(now));
    });
}

}  // namespace plimsoll::loop
