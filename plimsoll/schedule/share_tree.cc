// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/schedule/share_tree.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "plimsoll/base/check.h"

namespace plimsoll::schedule {
namespace {

/// What a queue says of each kind, as counts: what it does not speak of is `otherwise`.
ResourceCounts counts_of(const QueueAmounts& amounts, std::int64_t otherwise) {
    ResourceCounts counts;
    counts.fill(otherwise);
    const ResourceCounts said = plimsoll::counts_of({.cpu = amounts.cpu.value_or(Cores{}),
                                                     .memory = amounts.memory.value_or(Bytes{}),
                                                     .gpu = amounts.gpu.value_or(0)});
    const auto set = [&](ResourceKind kind) {
        counts[static_cast<std::size_t>(kind)] = said[static_cast<std::size_t>(kind)];
    };
    if (amounts.cpu) set(ResourceKind::cpu);
    if (amounts.memory) set(ResourceKind::memory);
    if (amounts.gpu) set(ResourceKind::gpu);
    return counts;
}

constexpr std::int64_t no_limit = INT64_MAX;

bool is_below(const ResourceCounts& held, const ResourceCounts& guaranteed) {
    for (std::size_t kind = 0; kind < guaranteed.size(); ++kind)
        if (held[kind] < guaranteed[kind]) return true;
    return false;
}

}  // namespace

ShareTree::ShareTree(std::vector<QueueSpec> queues, const Resources& capacity)
    : capacity_(plimsoll::counts_of(capacity)) {
    PLIM_CHECK(!queues.empty() && queues.front().parent < 0, "the first queue is the root");
    nodes_.resize(queues.size());
    for (QueueId id = 0; id < queues.size(); ++id) {
        PLIM_CHECK(queues[id].weight > 0, "a queue's weight is above 0");
        nodes_[id].spec = std::move(queues[id]);
        nodes_[id].guaranteed = counts_of(nodes_[id].spec.guaranteed, 0);
        nodes_[id].most = counts_of(nodes_[id].spec.most, no_limit);
        if (id == root) continue;
        const auto parent = static_cast<std::size_t>(nodes_[id].spec.parent);
        PLIM_CHECK(parent < id, "a queue stands after its parent");
        nodes_[parent].children.push_back(id);
    }
}

void ShareTree::set_capacity(const Resources& capacity) {
    const ResourceCounts counts = plimsoll::counts_of(capacity);
    if (counts == capacity_) return;
    capacity_ = counts;
    for (QueueId id = 1; id < nodes_.size(); ++id) place(id);
}

double ShareTree::share_of(const ResourceCounts& held) const {
    double share = 0;
    for (std::size_t kind = 0; kind < held.size(); ++kind) {
        if (held[kind] <= 0) continue;
        if (capacity_[kind] <= 0) return 1;
        share = std::max(share, static_cast<double>(held[kind]) / static_cast<double>(capacity_[kind]));
    }
    return share;
}

double ShareTree::share(QueueId queue) const { return share_of(nodes_[queue].held); }

ShareTree::Turn ShareTree::turn_of(QueueId queue) const {
    const Node& node = nodes_[queue];
    const Discipline discipline = parent_of(node).spec.discipline;
    if (discipline == Discipline::sfq) return {0, node.start_tag, queue};
    const double weighted = share_of(node.held) / node.spec.weight;
    if (discipline == Discipline::priority) return {-node.spec.priority, weighted, queue};
    return {is_below(node.held, node.guaranteed) ? 0.0 : 1.0, weighted, queue};
}

/// Brings the queue's place among its siblings up to date.
void ShareTree::place(QueueId queue) {
    Node& node = nodes_[queue];
    if (queue == root) return;
    Node& parent = parent_of(node);
    const bool waits = is_leaf(queue) ? node.pending && !node.passed : !node.turns.empty();
    const Turn turn = turn_of(queue);
    if (waits == node.in_turns && turn == node.turn) return;
    if (node.in_turns) parent.turns.erase(node.turn);
    if (waits) parent.turns.insert(turn);
    node.in_turns = waits;
    node.turn = turn;
}

void ShareTree::place_up(QueueId queue) {
    for (QueueId at = queue; at != root; at = static_cast<std::size_t>(nodes_[at].spec.parent)) place(at);
}

void ShareTree::set_pending(QueueId leaf, bool pending) {
    Node& node = nodes_[leaf];
    PLIM_CHECK(is_leaf(leaf), "tasks stand in queues without children");
    if (node.pending == pending) return;
    node.pending = pending;
    for (QueueId at = leaf;; at = static_cast<std::size_t>(nodes_[at].spec.parent)) {
        Node& each = nodes_[at];
        const std::size_t before = each.live;
        each.live = pending ? before + 1 : before - 1;
        // Whoever comes back from idling starts from now: no credit for the time in which it asked for nothing.
        if (at != root && before == 0 && pending)
            each.start_tag = std::max(parent_of(each).virtual_time, each.finish_tag);
        set_active(at);
        if (at == root) break;
    }
    place_up(leaf);
}

void ShareTree::set_held(QueueId leaf, const Resources& held, int running) {
    const ResourceCounts counts = plimsoll::counts_of(held);
    const Node& node = nodes_[leaf];
    if (counts == node.held && running == node.running) return;
    add_held(leaf, resources_of(counts) - resources_of(node.held), running - node.running);
}

void ShareTree::add_held(QueueId leaf, const Resources& amounts, int running) {
    const ResourceCounts counts = plimsoll::counts_of(amounts);
    for (QueueId at = leaf;; at = static_cast<std::size_t>(nodes_[at].spec.parent)) {
        note(at);
        if (at != root) note(static_cast<std::size_t>(nodes_[at].spec.parent));  // whose active weight may change
        for (std::size_t kind = 0; kind < counts.size(); ++kind) nodes_[at].held[kind] += counts[kind];
        nodes_[at].running += running;
        set_active(at);
        if (at == root) break;
        place(at);
    }
}

std::optional<QueueId> ShareTree::next() const {
    QueueId at = root;
    while (!is_leaf(at)) {
        if (nodes_[at].turns.empty()) return std::nullopt;
        at = nodes_[at].turns.begin()->queue;
    }
    return at;
}

void ShareTree::serve(QueueId leaf, const Resources& amounts, double seconds) {
    const double cost = share_of(plimsoll::counts_of(amounts)) * seconds;
    for (QueueId at = leaf; at != root; at = static_cast<std::size_t>(nodes_[at].spec.parent)) {
        Node& node = nodes_[at];
        Node& parent = parent_of(node);
        note(at);
        note(static_cast<std::size_t>(node.spec.parent));
        parent.virtual_time = node.start_tag;
        node.finish_tag = node.start_tag + cost / node.spec.weight;
        node.start_tag = std::max(parent.virtual_time, node.finish_tag);
    }
    add_held(leaf, amounts, 1);
}

void ShareTree::correct(QueueId leaf, const Resources& amounts, double seconds) {
    const double cost = share_of(plimsoll::counts_of(amounts)) * seconds;
    for (QueueId at = leaf; at != root; at = static_cast<std::size_t>(nodes_[at].spec.parent)) {
        Node& node = nodes_[at];
        node.finish_tag += cost / node.spec.weight;
        node.start_tag = std::max(parent_of(node).virtual_time, node.finish_tag);
    }
    place_up(leaf);
}

void ShareTree::pass_over(QueueId leaf) {
    PLIM_CHECK(trying_, "a leaf is passed over within a plan");
    note(leaf);
    nodes_[leaf].passed = true;
    place_up(leaf);
}

void ShareTree::try_out() {
    PLIM_CHECK(!trying_, "trials are not nested");
    trying_ = true;
}

void ShareTree::note(QueueId queue) {
    if (trying_) trail_.emplace_back(queue, static_cast<const State&>(nodes_[queue]));
}

void ShareTree::roll_back() {
    trying_ = false;
    for (std::size_t at = trail_.size(); at-- > 0;) static_cast<State&>(nodes_[trail_[at].first]) = trail_[at].second;
    // Children before parents: a parent's place rests on whether it has a child in turn.
    std::ranges::sort(trail_, [](const auto& a, const auto& b) { return a.first > b.first; });
    for (const auto& [queue, state] : trail_)
        if (queue != root) place_up(queue);
    trail_.clear();
}

std::optional<QueueId> ShareTree::limited_by(QueueId leaf, const Resources& amounts) const {
    const ResourceCounts more = plimsoll::counts_of(amounts);
    for (QueueId at = leaf;; at = static_cast<std::size_t>(nodes_[at].spec.parent)) {
        const Node& node = nodes_[at];
        if (node.spec.max_running > 0 && node.running >= node.spec.max_running) return at;
        for (std::size_t kind = 0; kind < more.size(); ++kind)
            if (more[kind] > 0 && node.most[kind] != no_limit && node.held[kind] + more[kind] > node.most[kind])
                return at;
        if (at == root) return std::nullopt;
    }
}

Resources ShareTree::within_limits(QueueId leaf, Resources all) const {
    for (QueueId at = leaf;; at = static_cast<std::size_t>(nodes_[at].spec.parent)) {
        const QueueAmounts& most = nodes_[at].spec.most;
        all.cpu = std::min(all.cpu, most.cpu.value_or(all.cpu));
        all.memory = std::min(all.memory, most.memory.value_or(all.memory));
        all.gpu = std::min(all.gpu, most.gpu.value_or(all.gpu));
        if (at == root) return all;
    }
}

/// Its parent knows whether it takes part, and with what weight.
void ShareTree::set_active(QueueId queue) {
    Node& node = nodes_[queue];
    const bool active = node.live > 0 || node.running > 0;
    if (active == node.active || queue == root) return;
    node.active = active;
    parent_of(node).active_weight += active ? node.spec.weight : -node.spec.weight;
}

double ShareTree::due(QueueId queue) const {
    double due = 1;
    for (QueueId at = queue; at != root; at = static_cast<std::size_t>(nodes_[at].spec.parent)) {
        const Node& node = nodes_[at];
        const double others = parent_of(node).active_weight - (node.active ? node.spec.weight : 0);
        due *= node.spec.weight / (others + node.spec.weight);
    }
    return due;
}

}  // namespace plimsoll::schedule
