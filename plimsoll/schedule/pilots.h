// SPDX-License-Identifier: Apache-2.0
// Pilots: of many tasks of a kind that nothing is known of, a few go first and show what the others need.
//
// What is reserved for a task that nobody knows is a guess, mostly a generous one. Were all of a step started at once,
// each would hold its guess. So a few start before everything else, on inputs spread over all that wait, and the others
// are held back until the first has finished: they stand behind other work, and are sized by what was shown. That is
// all that is kept from them; where nothing else takes the room they start, so that no machine stands idle for it.
#pragma once

#include <map>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "plimsoll/model/task.h"

namespace plimsoll::schedule {

/// How a task stands in line: as its rank says, before that, or behind it.
enum class Standing { usual, pilot, held_back };

/// A task that waits, of a kind that nothing is known of.
struct Untried {
    TaskId task = 0;
    double input_bytes = 0;
    bool has_begun = false;  ///< it was a pilot, and is tried again
};

class Pilots {
public:
    /// Who goes first may have changed: somebody waits, or an attempt has ended.
    void note_change() { is_due_ = true; }
    /// Since it was asked last.
    bool take_change() { return std::exchange(is_due_, false); }

    /// An attempt of a kind that nothing is known of has begun.
    void begun(const TaskKind& kind) { ++running_[kind]; }
    /// It has ended. True where it is the first of its kind to have finished: from now on none is held back.
    bool ended(const TaskKind& kind, bool has_finished);

    /// Of all that wait of a kind, in the order of their ids. `share`: what one of them is to get, as a share of the
    /// machine; pilots hold half of it at most, but there is always one.
    std::vector<Standing> standings(const TaskKind& kind, std::span<const Untried> waiting, double share) const;

private:
    bool is_due_ = false;
    std::map<TaskKind, std::size_t> running_;
    std::set<TaskKind> shown_;
};

}  // namespace plimsoll::schedule
