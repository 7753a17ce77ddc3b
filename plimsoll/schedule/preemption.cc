// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/schedule/preemption.h"

#include <algorithm>

namespace plimsoll::schedule {
namespace {

/// A way to stop one of them.
struct Choice {
    const Stoppable* who = nullptr;
    StopKind kind = StopKind::freeze;
    Resources frees;
    double cost_s = 0;
    double worth = 0;  ///< cost for what of the lack it frees; less is better
};

Resources freed_by(const Stoppable& who, StopKind kind) {
    if (kind == StopKind::restart) return who.held;
    return {.cpu = who.held.cpu};  // a frozen task keeps memory, devices and files; it moves no bytes
}

double cost_of(const Stoppable& who, StopKind kind) {
    if (kind == StopKind::freeze) return 0;
    return (who.since_checkpoint_s + who.restart_s) * std::max(0.01, who.held.cpu.count);
}

/// The share of the lack, over all kinds that lack, that it would make up for.
double made_up(const Resources& lack, const Resources& frees) {
    double sum = 0;
    for (int kind = 0; kind < resource_kind_count; ++kind) {
        const auto which = static_cast<ResourceKind>(kind);
        if (lack.amount(which) > 0) sum += std::min(1.0, frees.amount(which) / lack.amount(which));
    }
    return sum;
}

/// Cheapest first for what they free. Where memory or devices lack, a task is ended; where cores alone do, it is frozen
/// if it can be.
std::vector<Choice> choices(std::span<const Stoppable* const> running, const Resources& lack,
                            const PreemptionTerms& terms) {
    Resources beside_cpu = lack;
    beside_cpu.cpu = {};
    const bool cpu_alone = beside_cpu == Resources{};
    std::vector<Choice> all;
    for (const Stoppable* who : running) {
        if (who->ran < terms.quantum) continue;
        const StopKind kind = cpu_alone && who->can_freeze ? StopKind::freeze : StopKind::restart;
        const Resources frees = freed_by(*who, kind);
        const double helps = made_up(lack, frees);
        if (helps <= 0) continue;
        const double cost = cost_of(*who, kind);
        all.push_back({who, kind, frees, cost, cost / helps});
    }
    std::ranges::sort(all, [](const Choice& a, const Choice& b) {
        return a.worth != b.worth ? a.worth < b.worth : a.who->task > b.who->task;  // the younger first
    });
    return all;
}

/// Those of them, cheapest first, with whom it fits; none where it does not with all of them.
std::vector<Choice> enough(std::vector<Choice> all, const Resources& lack) {
    Resources freed;
    std::size_t taken = 0;
    while (taken < all.size() && !fits(lack, freed)) freed += all[taken++].frees;
    if (!fits(lack, freed)) return {};
    all.resize(taken);
    // The dearest of those that a later one made superfluous are spared.
    for (std::size_t at = all.size(); at-- > 0;) {
        const Resources without = freed - all[at].frees;
        if (!fits(lack, without)) continue;
        freed = without;
        all.erase(all.begin() + static_cast<std::ptrdiff_t>(at));
    }
    return all;
}

}  // namespace

std::optional<Preemption> preempt_for(const Needy& needy, std::span<const Stoppable> running,
                                      std::span<const Resources> free, const PreemptionTerms& terms) {
    std::vector<std::vector<const Stoppable*>> on_node(free.size());
    for (const Stoppable& who : running)
        if (who.node < free.size()) on_node[who.node].push_back(&who);
    std::optional<Preemption> best;
    for (NodeId node = 0; node < free.size(); ++node) {
        const Resources lack = clamp_to_zero(needy.ask - free[node]);
        if (fits(needy.ask, free[node])) return std::nullopt;
        const std::vector<Choice> stopped = enough(choices(on_node[node], lack, terms), lack);
        if (stopped.empty()) continue;
        Preemption made{.node = node, .victims = {}, .cost_s = 0, .benefit_s = needy.benefit_s};
        for (const Choice& choice : stopped) {
            made.victims.push_back({choice.who->task, choice.kind, choice.cost_s});
            made.cost_s += choice.cost_s;
        }
        if (!best || made.cost_s < best->cost_s) best = std::move(made);
    }
    if (!best || best->benefit_s <= terms.hysteresis * best->cost_s) return std::nullopt;
    return best;
}

}  // namespace plimsoll::schedule
