// SPDX-License-Identifier: Apache-2.0
// What of a history is kept, and in which order it goes.
//
// What people look at goes first, what sizes are learned from last: of each run its logs, events and decisions; then
// runs whose measurements no forecast reads any more; then the others, the oldest first. A forecast reads the newest
// attempts of a kind (ObservationFilter::per_kind_max): older ones are no loss to it.
#pragma once

#include <optional>
#include <vector>

#include "plimsoll/base/time.h"
#include "plimsoll/base/units.h"
#include "plimsoll/model/run.h"

namespace plimsoll::history {

/// What the user has set to be kept. Absent: without end.
struct Retention {
    /// Of runs that started longer ago, details go, and all that no forecast reads.
    std::optional<Duration> age;
    /// What database and folders of runs may take together; of that, free pages of the database do not count.
    std::optional<Bytes> size;
    bool operator==(const Retention&) const = default;
    bool keeps_all() const { return !age && !size; }
};

struct Shrunk {
    std::vector<RunId> runs;     ///< forgotten wholly
    std::vector<RunId> details;  ///< whose logs, events and decisions were removed; their measurements stay
    Bytes before{}, after{};     ///< as Retention::size counts
    bool removed_any() const { return !runs.empty() || !details.empty(); }
};

/// One workflow's part of a history.
struct WorkflowShare {
    std::string workflow;
    std::int64_t runs = 0, attempts = 0;
    Bytes folders{};  ///< logs and events
    WallTime oldest{}, newest{};
};

/// How much there is, and since when.
struct Overview {
    Bytes database{}, database_free{}, folders{};
    std::int64_t runs = 0, attempts = 0, kinds = 0, decisions = 0, receipts = 0;
    std::optional<WallTime> oldest, newest;
    Retention retention;
    std::vector<WorkflowShare> workflows;  ///< the largest first
};

}  // namespace plimsoll::history
