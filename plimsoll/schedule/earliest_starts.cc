// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/schedule/earliest_starts.h"

#include <algorithm>

namespace plimsoll::schedule {
namespace {

// A look at all of them goes through memory in order, and one of them again does not, but ends where it is no sooner.
constexpr std::size_t again_of_all = 2;
constexpr std::size_t few = 64;
constexpr std::size_t asks_most = 1024;
constexpr std::size_t first_kept = 32;

bool is_sooner(const EarliestStart& a, const EarliestStart& b) {
    return a.start != b.start ? a.start < b.start : a.node < b.node;
}

std::optional<EarliestStart> on_node(const DraftedNodes& nodes, NodeId id, const Need& need, Duration length,
                                     Instant now, Instant before = Instant::max()) {
    const auto start = nodes.node(id).earliest_start(need, length, now, before);
    return start ? std::optional(EarliestStart{*start, id}) : std::nullopt;
}

/// Sorted, none twice.
void tidy(std::vector<NodeId>& nodes) {
    std::ranges::sort(nodes);
    const auto twice = std::ranges::unique(nodes);
    nodes.erase(twice.begin(), twice.end());
}

}  // namespace

std::optional<EarliestStart> EarliestStarts::find(const DraftedNodes& nodes, const FreeIndex* index, const Need& need,
                                                  Duration length, Instant now) {
    if (index != of_) known_.clear();
    of_ = index;
    const Key key(need, length);
    const Ask ask{key, now};
    auto known = known_.find(key);
    if (known == known_.end() || index == nullptr || !look_again(known->second, nodes, *index, ask)) {
        Known fresh = look_at_all(nodes, ask);
        fresh.changes = index != nullptr ? index->changes() : 0;
        if (known_.size() == asks_most) known_.clear();
        known = known_.insert_or_assign(key, std::move(fresh)).first;
    }
    std::optional<EarliestStart> earliest;
    if (!known->second.first.empty()) earliest = known->second.first.front();
    for (const NodeId id : known->second.but) {
        const auto drafted = on_node(nodes, id, need, length, now);
        if (drafted && (!earliest || is_sooner(*drafted, *earliest))) earliest = drafted;
    }
    return earliest;
}

EarliestStarts::Known EarliestStarts::look_at_all(const DraftedNodes& nodes, const Ask& ask) {
    Known fresh{.changes = 0, .first = {}, .is_all = true, .but = nodes.drafted()};
    tidy(fresh.but);
    std::vector<EarliestStart>& first = fresh.first;
    for (NodeId id = 0; id < nodes.count(); ++id) {
        if (std::ranges::binary_search(fresh.but, id)) continue;
        // Of equals those before it have lower ids.
        const bool is_full = first.size() == first_kept;
        const Instant before = is_full ? first.back().start : Instant::max();
        if (is_full) fresh.is_all = false;
        const auto start = nodes.node(id).earliest_start(ask.key.first, ask.key.second, ask.now, before);
        if (!start) continue;
        if (is_full) first.pop_back();
        const EarliestStart found{*start, id};
        first.insert(std::ranges::upper_bound(first, found, is_sooner), found);
    }
    return fresh;
}

/// False where only a look at all could tell.
bool EarliestStarts::look_again(Known& known, const DraftedNodes& nodes, const FreeIndex& index, const Ask& ask) {
    const auto changed = index.changed_since(known.changes);
    std::vector<NodeId> drafted = nodes.drafted();
    if (!changed || changed->size() > std::max<std::size_t>(few, nodes.count() / again_of_all)) return false;
    tidy(drafted);
    std::vector<NodeId> again = known.but;
    again.insert(again.end(), changed->begin(), changed->end());
    std::vector<EarliestStart> first;
    for (const EarliestStart& then : known.first) {
        if (then.start < ask.now) again.push_back(then.node);
        else first.push_back(then);
    }
    tidy(again);
    std::erase_if(first, [&](const EarliestStart& then) {
        return std::ranges::binary_search(again, then.node) || std::ranges::binary_search(drafted, then.node);
    });
    // What is no sooner than the last of those that were first need not be found.
    const Instant before = known.is_all ? Instant::max() : end_of(known.first.back().start, Duration(1));
    for (const NodeId id : again) {
        if (std::ranges::binary_search(drafted, id)) continue;
        const auto start = on_node(nodes, id, ask.key.first, ask.key.second, ask.now, before);
        if (!start || (!known.is_all && is_sooner(known.first.back(), *start))) continue;
        first.insert(std::ranges::upper_bound(first, *start, is_sooner), *start);
    }
    if (first.empty() && !known.is_all) return false;
    if (first.size() > 2 * first_kept) {
        first.resize(first_kept);
        known.is_all = false;
    }
    known.changes = index.changes();
    known.first = std::move(first);
    known.but = std::move(drafted);
    return true;
}

}  // namespace plimsoll::schedule
