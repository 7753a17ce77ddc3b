// SPDX-License-Identifier: Apache-2.0
// EarliestStarts: where and when an ask that waits could start first, over many nodes, plan after plan. Which nodes
// were found to be first once stays right for those that have not changed since: only those that have are looked at
// again.
//
// An unchanged node can start it no sooner than it could then, since time only goes on. So the earliest among the
// nodes that were first then and the changed ones is the earliest there is, as long as one of them is no later than the
// last of those that were first.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "plimsoll/model/calendar.h"
#include "plimsoll/model/free_index.h"

namespace plimsoll::schedule {

struct EarliestStart {
    Instant start{};
    NodeId node = 0;
    bool operator==(const EarliestStart&) const = default;
};

/// Nodes and what one plan has changed of them so far.
class DraftedNodes {
public:
    virtual ~DraftedNodes() = default;
    virtual NodeId count() const = 0;
    virtual const Calendar& node(NodeId id) const = 0;
    /// Those that the plan itself has changed.
    virtual std::vector<NodeId> drafted() const = 0;
};

class EarliestStarts {
public:
    /// The earliest, on the lowest id of equals; nothing where no node could ever hold it. With an index of these
    /// nodes it remembers, else it looks at each. `now` never goes back.
    std::optional<EarliestStart> find(const DraftedNodes& nodes, const FreeIndex* index, const Need& need,
                                      Duration length, Instant now);

private:
    struct Known {
        std::uint64_t changes = 0;         ///< of the index, then
        std::vector<EarliestStart> first;  ///< of all nodes but those below, in order; the others are no sooner
        bool is_all = false;               ///< the others could never hold it
        std::vector<NodeId> but;           ///< which a plan had drafted
    };
    using Key = std::pair<Need, Duration>;
    struct Ask {
        const Key& key;
        Instant now{};
    };
    static Known look_at_all(const DraftedNodes& nodes, const Ask& ask);
    static bool look_again(Known& known, const DraftedNodes& nodes, const FreeIndex& index, const Ask& ask);

    const FreeIndex* of_ = nullptr;  ///< whose changes it counts by
    std::map<Key, Known> known_;
};

}  // namespace plimsoll::schedule
