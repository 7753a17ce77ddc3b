// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/loop/sharing.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "plimsoll/base/probe.h"
#include "plimsoll/loop/patience.h"
#include "plimsoll/model/side_by_side.h"

namespace plimsoll::loop {

void Sharing::note_shares(Instant now) {
    struct Held {
        Resources amounts;
        int running = 0;
    };
    std::map<schedule::QueueId, Held> held;
    const auto add = [&](schedule::QueueId queue, const Resources& amounts, int running) {
        held[queue].amounts += amounts;
        held[queue].running += running;
    };
    for (const schedule::QueueId before : holding_) held[before] = {};
    for (const auto& [queue, part] : books_.running.by_queue()) add(queue, part.billed.total(), part.running);
    std::vector<schedule::Neighbour> neighbours;
    for (const machine::QueueHolding& other : books_.edges.capacity.others().queues) {
        const schedule::QueueId queue = books_.queue.find(other.path);
        add(queue, other.held, other.running);
        if (other.first && !ignores(other, queue, now))
            neighbours.push_back({queue, *other.first, other.run, std::max(1, other.waiting)});
    }
    holding_.clear();
    schedule::ShareTree& shares = books_.queue.shares();
    shares.set_capacity(books_.shared_capacity());
    for (const auto& [queue, there] : held) {
        shares.set_held(queue, there.amounts, there.running);
        if (there.running > 0) holding_.push_back(queue);
    }
    books_.queue.set_neighbours(std::move(neighbours));
}

/// Room was left for it, and it did not come: it was stopped there, or counts otherwise than we do. Until it holds or
/// asks for something else it is not waited for.
bool Sharing::ignores(const machine::QueueHolding& other, schedule::QueueId queue, Instant now) {
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

void Sharing::note_yields(const Plan& plan, Instant now) {
    for (const Yield& yield : plan.yields) {
        if (!yield.is_there) continue;
        for (const machine::QueueHolding& other : books_.edges.capacity.others().queues)
            if (other.run == yield.run && books_.queue.find(other.path) == yield.queue)
                left_room_.try_emplace({yield.run, yield.queue}, LeftRoom{other.held, other.first, now});
    }
}

std::vector<machine::QueueHolding> Sharing::own_queues(bool may_start) const {
    std::map<schedule::QueueId, machine::QueueHolding> told;
    for (const auto& [queue, part] : books_.running.by_queue()) {
        told[queue].held = part.billed.total();
        told[queue].running = part.running;
    }
    for (schedule::QueueId queue = 0; may_start && queue < books_.queue.size(); ++queue) {
        const schedule::Queue& line = books_.queue.line(queue);
        if (line.empty()) continue;
        const Resources& ask = line.groups().begin()->second->ask.amounts;
        if (books_.queue.shares().limited_by(queue, ask)) continue;
        const Resources room =
            books_.queue.shares().within_limits(queue, books_.edges.capacity.total()) - books_.running.held();
        told[queue].first = ask;
        // All of them: several places may become free between two looks of this run.
        told[queue].waiting = std::max(1, side_by_side(ask, room, static_cast<int>(line.size())));
    }
    std::vector<machine::QueueHolding> queues;
    for (auto& [queue, holding] : told) {
        holding.path = books_.queue.spec(queue).path;
        queues.push_back(std::move(holding));
    }
    return queues;
}

std::string Sharing::told_turn(const Start& chosen) const {
    if (!chosen.turn || chosen.turn->rivals <= 0) return {};
    const QueueSpec& spec = books_.queue.spec(chosen.turn->queue);
    const QueueSpec& parent = books_.queue.spec(static_cast<std::size_t>(spec.parent));
    if (chosen.cause == StartCause::deadline_near || chosen.cause == StartCause::room_kept) return {};
    return fmt::format(
        "turn of queue {} (by {}): it held {:.1f} % of the machine, and {:.1f} % are due to it beside {} {}", spec.path,
        name_of(parent.discipline), 100 * chosen.turn->share, 100 * chosen.turn->due, chosen.turn->rivals,
        chosen.turn->rivals == 1 ? "other with work" : "others with work");
}

std::string Sharing::told_limit(const Limited& limited) const {
    const QueueSpec& spec = books_.queue.spec(limited.queue);
    if (spec.max_running > 0)
        if (const int running = books_.queue.shares().running(limited.queue); running >= spec.max_running)
            return fmt::format("queue {} runs {} tasks, and may run no more", spec.path, running);
    return fmt::format("queue {} holds {}, and may hold no more", spec.path,
                       format(books_.queue.shares().held(limited.queue)));
}

}  // namespace plimsoll::loop
