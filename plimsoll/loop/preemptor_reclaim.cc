// SPDX-License-Identifier: Apache-2.0
// Reclaim: a queue that has waited below its share, in this run or another on this machine, gets back what queues of
// this run have borrowed.
#include <fmt/format.h>

#include <algorithm>

#include "plimsoll/base/probe.h"
#include "plimsoll/loop/preemptor.h"
#include "plimsoll/schedule/reclaim.h"

namespace plimsoll::loop {

/// The first in line of each queue that reclaims and in which somebody waits, here or elsewhere.
std::map<schedule::QueueId, Resources> Preemptor::first_of_reclaiming() const {
    std::map<schedule::QueueId, Resources> first;
    for (schedule::QueueId queue = 0; queue < books_.queue.size(); ++queue)
        if (const schedule::Queue& line = books_.queue.line(queue);
            books_.queue.spec(queue).reclaim_after && !line.empty())
            first.emplace(queue, line.groups().begin()->second->ask.amounts);
    for (const schedule::Neighbour& other : books_.queue.neighbours())
        if (books_.queue.spec(other.queue).reclaim_after) first.try_emplace(other.queue, other.ask);
    return first;
}

void Preemptor::reclaim(Instant now) {
    if (!has_reclaim_) return;
    std::map<schedule::QueueId, Short> still;
    for (const auto& [queue, ask] : first_of_reclaiming()) {
        if (!schedule::may_claim(books_.queue.shares(), queue)) continue;
        const auto before = short_.find(queue);
        still.emplace(queue, Short{before == short_.end() ? now : before->second.since, ask});
    }
    short_ = std::move(still);
    if (!leaving_.empty() || books_.running.empty()) return;
    for (const auto& [queue, waiting] : short_) {
        if (now - waiting.since < *books_.queue.spec(queue).reclaim_after) continue;
        if (books_.queue.shares().limited_by(queue, waiting.ask)) continue;
        const auto made =
            schedule::reclaim_for(queue, waiting.ask, stoppable(now), books_.free_at(now), books_.queue.shares());
        if (!made) continue;
        PLIM_PROBE("loop: a queue takes back what others have borrowed");
        const std::string reason = fmt::format(
            "reclaimed by queue {}, which had waited {} below its share: it held {:.1f} % of the machine, and {:.1f} % "
            "are due to it",
            books_.queue.spec(queue).path, format(now - waiting.since), 100 * books_.queue.shares().share(queue),
            100 * books_.queue.shares().due(queue));
        for (const schedule::Preemption::Victim& victim : made->victims) preempt(victim, reason, now);
        books_.replan = true;
        return;  // one at a time: what it frees the next plan sees
    }
}

/// Would the first of another queue that waits below its share take what is free on the node?
bool Preemptor::is_claimed(schedule::QueueId from, NodeId node, Instant now) const {
    return std::ranges::any_of(short_, [&](const auto& claim) {
        return claim.first != from && fits(claim.second.ask, books_.pool.calendars()[node].free_at(now));
    });
}

}  // namespace plimsoll::loop
