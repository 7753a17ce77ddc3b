// SPDX-License-Identifier: Apache-2.0
// ShareTree: whose turn it is. Queues form a tree; at every inner queue one discipline chooses among its children:
//
// fair      weighted dominant-resource fairness (Ghodsi et al., NSDI 2011), hierarchical (Bhattacharya et al., SoCC
//           2013): the child whose dominant share for its weight is least. Shares are summed up from the leaves, so a
//           child that cannot take its turn is passed over and nobody is charged for it. What a queue did not use
//           is not owed to it later. A queue below what it is guaranteed comes before those that have theirs.
// sfq       start-time fair queueing (Goyal et al., SIGCOMM 1996): a turn costs its predicted share of the machine x
//           seconds; S = max(v, F of the turn before), F = S + cost / weight, least S first, v the S of the last turn.
//           An idle queue earns no credit; `correct` charges what a turn really took. It shares fairly over time
//           where turns are too large for shares at an instant: whole cores on a machine of two.
// priority  the child of the highest priority; of equals, as fair.
//
// Each inner queue keeps its children that have work in a sorted set: a choice costs a step a level, a change
// the logarithm of the number of siblings a level.
#pragma once

#include <compare>
#include <cstddef>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "plimsoll/model/queue_spec.h"
#include "plimsoll/model/resources.h"

namespace plimsoll::schedule {

/// The place of a queue in the list that the tree was made of.
using QueueId = std::size_t;

class ShareTree {
public:
    /// The first is the root; each of the others stands after its parent.
    explicit ShareTree(std::vector<QueueSpec> queues, const Resources& capacity = {});

    const QueueSpec& spec(QueueId queue) const { return nodes_[queue].spec; }
    std::size_t size() const { return nodes_.size(); }
    bool is_leaf(QueueId queue) const { return nodes_[queue].children.empty(); }
    /// Of what all shares are taken. Costs a pass over all queues where it changes.
    void set_capacity(const Resources& capacity);

    /// Whether a leaf has tasks that could start.
    void set_pending(QueueId leaf, bool pending);
    bool is_pending(QueueId leaf) const { return nodes_[leaf].pending; }
    /// How many leaves have.
    std::size_t pending_leaves() const { return nodes_[root].live; }
    /// What a leaf's tasks hold, and how many they are.
    void set_held(QueueId leaf, const Resources& held, int running);
    void add_held(QueueId leaf, const Resources& amounts, int running);
    int running(QueueId queue) const { return nodes_[queue].running; }
    Resources held(QueueId queue) const { return resources_of(nodes_[queue].held); }

    /// The leaf whose turn it is; nothing when none has work that is not passed over.
    std::optional<QueueId> next() const;
    /// It took its turn: it holds that much more, for so many seconds as far as is known.
    void serve(QueueId leaf, const Resources& amounts, double seconds);
    /// The turn took so many seconds more (or less) than it was charged with.
    void correct(QueueId leaf, const Resources& amounts, double seconds);
    /// Passes over the leaf until `roll_back`.
    void pass_over(QueueId leaf);

    /// From here on changes are noted, and undone by `roll_back`: a plan tries turns out. Not nested.
    void try_out();
    void roll_back();

    /// The queue on the way up from the leaf that may not hold so much more, or run one more.
    std::optional<QueueId> limited_by(QueueId leaf, const Resources& amounts) const;
    /// The most that a task of the leaf could ever be given of `all`: no queue on the way up may hold more.
    Resources within_limits(QueueId leaf, Resources all) const;
    /// Its dominant share of the capacity, and that for its weight.
    double share(QueueId queue) const;
    double weighted_share(QueueId queue) const { return share(queue) / nodes_[queue].spec.weight; }
    /// The share that it would have if all queues that have work or hold something used theirs to the full.
    double due(QueueId queue) const;

private:
    static constexpr QueueId root = 0;
    struct Turn {
        double rank = 0;   ///< guaranteed or not; priority
        double least = 0;  ///< share or start tag
        QueueId queue = 0;
        auto operator<=>(const Turn&) const = default;
    };
    /// What a trial may change.
    struct State {
        ResourceCounts held{};
        int running = 0;
        double start_tag = 0, finish_tag = 0, virtual_time = 0;
        bool passed = false;
        bool active = false;       ///< it has work or holds something
        double active_weight = 0;  ///< of its children that do
    };
    struct Node : State {
        QueueSpec spec;
        ResourceCounts guaranteed{}, most{};  ///< of the spec, in whole numbers
        std::vector<QueueId> children;
        std::set<Turn> turns;  ///< of the children that have work and are not passed over
        Turn turn;             ///< as it stands in its parent's
        bool in_turns = false;
        bool pending = false;
        std::size_t live = 0;  ///< pending leaves at or below it
    };
    Node& parent_of(const Node& node) { return nodes_[static_cast<std::size_t>(node.spec.parent)]; }
    const Node& parent_of(const Node& node) const { return nodes_[static_cast<std::size_t>(node.spec.parent)]; }
    double share_of(const ResourceCounts& held) const;
    Turn turn_of(QueueId queue) const;
    void place(QueueId queue);
    void place_up(QueueId queue);
    void note(QueueId queue);
    void set_active(QueueId queue);

    std::vector<Node> nodes_;
    ResourceCounts capacity_{};
    bool trying_ = false;
    std::vector<std::pair<QueueId, State>> trail_;
};

}  // namespace plimsoll::schedule
