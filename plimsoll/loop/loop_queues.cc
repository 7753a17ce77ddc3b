// SPDX-License-Identifier: Apache-2.0
// How the queues share: what each holds, here and in the other runs on this machine, and who waits in them elsewhere.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "plimsoll/base/probe.h"
#include "plimsoll/loop/loop.h"
#include "plimsoll/model/side_by_side.h"

namespace plimsoll::loop {
/// What all shares are taken of: the machine, or all nodes of a cluster.
Resources Loop::shared_capacity() const {
    if (pool_.calendars().size() == 1) return edges_.capacity.total();
    Resources all;
    for (const Calendar& node : pool_.calendars()) all += node.capacity();
    return all;
}

void Loop::note_shares(Instant now) {
    struct Held {
        Resources amounts;
        int running = 0;
    };
    std::map<schedule::QueueId, Held> held;
    const auto add = [&](schedule::QueueId queue, const Resources& amounts, int running) {
        held[queue].amounts += amounts;
        held[queue].running += running;
    };
    for (const schedule::QueueId before : holding_queues_) held[before] = {};
    for (const auto& [queue, part] : running_.by_queue()) add(queue, part.billed.total(), part.running);
    std::vector<schedule::Neighbour> neighbours;
    for (const machine::QueueHolding& other : edges_.capacity.others().queues) {
        const schedule::QueueId queue = queue_.find(other.path);
        add(queue, other.held, other.running);
        if (other.first && !ignores(other, queue, now))
            neighbours.push_back({queue, *other.first, other.run, std::max(1, other.waiting)});
    }
    holding_queues_.clear();
    schedule::ShareTree& shares = queue_.shares();
    shares.set_capacity(shared_capacity());
    for (const auto& [queue, there] : held) {
        shares.set_held(queue, there.amounts, there.running);
        if (there.running > 0) holding_queues_.push_back(queue);
    }
    queue_.set_neighbours(std::move(neighbours));
}

/// Room was left for it, and it did not come: it was stopped there, or counts otherwise than we do. Until it holds or
/// asks for something else it is not waited for.
bool Loop::ignores(const machine::QueueHolding& other, schedule::QueueId queue, Instant now) {
    const auto found = left_room_.find({other.run, queue});
    if (found == left_room_.end()) return false;
    if (found->second.held != other.held || found->second.ask != other.first) {
        left_room_.erase(found);
        return false;
    }
    if (now - found->second.since < yield_patience) return false;
    PLIM_PROBE("loop: room was left for another run that did not take it");
    return true;
}

void Loop::note_yields(const Plan& plan, Instant now) {
    for (const Yield& yield : plan.yields) {
        if (!yield.is_there) continue;
        for (const machine::QueueHolding& other : edges_.capacity.others().queues)
            if (other.run == yield.run && queue_.find(other.path) == yield.queue)
                left_room_.try_emplace({yield.run, yield.queue}, LeftRoom{other.held, other.first, now});
    }
}

/// What the other runs on this machine are told: what this run's queues hold, and what they wait for.
std::vector<machine::QueueHolding> Loop::own_queues(bool may_start) const {
    std::map<schedule::QueueId, machine::QueueHolding> told;
    for (const auto& [queue, part] : running_.by_queue()) {
        told[queue].held = part.billed.total();
        told[queue].running = part.running;
    }
    for (schedule::QueueId queue = 0; may_start && queue < queue_.size(); ++queue) {
        const schedule::Queue& line = queue_.line(queue);
        if (line.empty()) continue;
        const Resources& ask = line.groups().begin()->second->ask.amounts;
        if (queue_.shares().limited_by(queue, ask)) continue;
        const Resources room = queue_.shares().within_limits(queue, edges_.capacity.total()) - running_.held();
        told[queue].first = ask;
        // All of them: several places may become free between two looks of this run.
        told[queue].waiting = std::max(1, side_by_side(ask, room, static_cast<int>(line.size())));
    }
    std::vector<machine::QueueHolding> queues;
    for (auto& [queue, holding] : told) {
        holding.path = queue_.spec(queue).path;
        queues.push_back(std::move(holding));
    }
    return queues;
}

/// "" where there is but one queue with work.
std::string Loop::told_turn(const Start& chosen) const {
    if (!chosen.turn || chosen.turn->rivals <= 0) return {};
    const QueueSpec& spec = queue_.spec(chosen.turn->queue);
    const QueueSpec& parent = queue_.spec(static_cast<std::size_t>(spec.parent));
    if (chosen.cause == StartCause::deadline_near || chosen.cause == StartCause::room_kept) return {};
    return fmt::format(
        "turn of queue {} (by {}): it held {:.1f} % of the machine, and {:.1f} % are due to it beside {} {}", spec.path,
        name_of(parent.discipline), 100 * chosen.turn->share, 100 * chosen.turn->due, chosen.turn->rivals,
        chosen.turn->rivals == 1 ? "other with work" : "others with work");
}

/// Told of who waits because its queue may hold no more: "its queue prod holds all it may: cpu=2 ..."
std::string Loop::told_limit(const Limited& limited) const {
    const QueueSpec& spec = queue_.spec(limited.queue);
    if (spec.max_running > 0)
        if (const int running = queue_.shares().running(limited.queue); running >= spec.max_running)
            return fmt::format("queue {} runs {} tasks, and may run no more", spec.path, running);
    return fmt::format("queue {} holds {}, and may hold no more", spec.path,
                       format(queue_.shares().held(limited.queue)));
}

Duration Loop::recheck_after() const {
    return edges_.capacity.others().queues.empty() ? recheck : recheck_among_others;
}

}  // namespace plimsoll::loop
