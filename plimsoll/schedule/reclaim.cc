// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/schedule/reclaim.h"

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

namespace plimsoll::schedule {
namespace {

// Shares are ratios of whole numbers, what is due a product of ratios of weights.
constexpr double due_rounding = 1e-9;

enum class Ground { none, share, guarantee };

/// On what ground a queue may claim from the siblings that it has below `parent`.
struct Level {
    QueueId parent = 0;
    Ground ground = Ground::none;
};

bool is_below_guaranteed(const ShareTree& shares, QueueId queue) {
    const QueueAmounts& guaranteed = shares.spec(queue).guaranteed;
    const Resources held = shares.held(queue);
    return (guaranteed.cpu && held.cpu < *guaranteed.cpu) || (guaranteed.memory && held.memory < *guaranteed.memory) ||
           (guaranteed.gpu && held.gpu < *guaranteed.gpu);
}

bool is_fair(const ShareTree& shares, QueueId parent) {
    return shares.spec(parent).discipline == Discipline::fair && !shares.is_leaf(parent);
}

/// From the queue upwards, as far as it lacks anything.
std::vector<Level> levels_of(const ShareTree& shares, QueueId queue) {
    std::vector<Level> levels;
    for (QueueId at = queue; shares.spec(at).parent >= 0;) {
        const auto parent = static_cast<QueueId>(shares.spec(at).parent);
        Ground ground = Ground::none;
        if (is_fair(shares, parent)) {
            if (is_below_guaranteed(shares, at)) ground = Ground::guarantee;
            else if (shares.share(at) < shares.due(at) - due_rounding) ground = Ground::share;
            else return levels;
        }
        levels.push_back({parent, ground});
        at = parent;
    }
    return levels;
}

/// Does the queue, and each above it up to where the claim comes from, hold what is its own, as `shares` stand?
bool keeps_its_own(const ShareTree& shares, QueueId queue, std::span<const Level> levels) {
    const auto parent_of = [&](QueueId at) { return static_cast<QueueId>(shares.spec(at).parent); };
    const Level* met = nullptr;
    for (QueueId at = queue; met == nullptr && shares.spec(at).parent >= 0; at = parent_of(at)) {
        const auto level = std::ranges::find(levels, parent_of(at), &Level::parent);
        if (level != levels.end()) met = &*level;
    }
    if (met == nullptr || met->ground == Ground::none) return false;
    for (QueueId at = queue;; at = parent_of(at)) {
        if (is_below_guaranteed(shares, at)) return false;
        if (met->ground == Ground::share && is_fair(shares, parent_of(at)) &&
            shares.share(at) < shares.due(at) - due_rounding)
            return false;
        if (parent_of(at) == met->parent) return true;
    }
}

double loss_of(const Stoppable& who) { return (who.since_checkpoint_s + who.restart_s) * who.held.cpu.count; }

/// Of those that run on one node, cheapest first, as many as can be stopped all together without taking from anybody
/// what is his own. Any part of them can be stopped, too.
void add_lent(std::vector<const Stoppable*> there, QueueId claimant, std::span<const Level> levels, ShareTree& shares,
              std::vector<Stoppable>& lent) {
    std::ranges::sort(there, [](const Stoppable* one, const Stoppable* other) {
        return std::pair(loss_of(*one), other->task) < std::pair(loss_of(*other), one->task);
    });
    shares.try_out();
    for (const Stoppable* who : there) {
        if (who->queue == claimant) continue;
        // Also of who would only stand still: memory that is held by what does not run is no use to its queue.
        shares.add_held(who->queue, Resources{} - who->held, 0);
        if (keeps_its_own(shares, who->queue, levels)) lent.push_back(*who);
        else shares.add_held(who->queue, who->held, 0);
    }
    shares.roll_back();
}

}  // namespace

bool may_claim(const ShareTree& shares, QueueId queue) {
    return std::ranges::any_of(levels_of(shares, queue),
                               [](const Level& level) { return level.ground != Ground::none; });
}

std::optional<Preemption> reclaim_for(QueueId queue, const Resources& ask, std::span<const Stoppable> running,
                                      std::span<const Resources> free, ShareTree& shares,
                                      const PreemptionTerms& terms) {
    const std::vector<Level> levels = levels_of(shares, queue);
    std::vector<std::vector<const Stoppable*>> on_node(free.size());
    for (const Stoppable& who : running)
        if (who.node < free.size() && who.ran >= terms.quantum) on_node[who.node].push_back(&who);
    std::vector<Stoppable> lent;
    for (std::vector<const Stoppable*>& there : on_node) add_lent(std::move(there), queue, levels, shares, lent);
    // What is its own is worth whatever the others lose of what they had on loan.
    return preempt_for({.ask = ask, .benefit_s = std::numeric_limits<double>::infinity()}, lent, free, terms);
}

}  // namespace plimsoll::schedule
