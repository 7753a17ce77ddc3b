// SPDX-License-Identifier: Apache-2.0
// How much memory a running attempt should hold, from what it has used so far; and from which use on it has
// to be looked at again.
//
// An attempt is grown before it reaches what it holds, by a little more than it will use until it is looked
// at next: steps in proportion, so that any need is reached in a few of them and little is held in vain.
#pragma once

#include <optional>

#include "plimsoll/base/time.h"
#include "plimsoll/base/units.h"

namespace plimsoll::shape {

struct GrowthPolicy {
    double notice_share = 0.97;                           ///< of what is held: from there on it is grown
    double least_step = 0.15;                             ///< of what is used: what it is given beyond that
    double largest_step = 0.5;                            ///< however steeply it rises
    Duration foresight = std::chrono::milliseconds(100);  ///< so much of its present rise it is given ahead
    Bytes least_spare{2 << 20};                           ///< beyond use, however small it is
    double last_share = 0.99;                             ///< of what is held: from there on it waits
};

/// An attempt's memory as it was last seen.
struct MemoryUse {
    Bytes now{};
    double rise_per_s = 0;  ///< bytes/s over the last samples; 0 when it falls
};

/// From this use on an attempt that holds so much is looked at.
Bytes notice_mark(Bytes held, const GrowthPolicy& policy = {});

/// May it go on for a moment with what it holds, although it wants more?
bool may_run_on(Bytes held, const MemoryUse& use, const GrowthPolicy& policy = {});

/// What an attempt that holds `held` should hold; nothing while that is enough.
std::optional<Bytes> wanted(Bytes held, const MemoryUse& use, const GrowthPolicy& policy = {});

/// The hard limit of an attempt that holds `held` while `free` is held by nobody: it stands above what is held,
/// since at the limit a read() into fresh memory, a fork() and a write to tmpfs fail outright, and since the
/// sum of what is held, not of the limits, is what the machine has to bear.
Bytes hard_limit(Bytes held, Bytes free);

}  // namespace plimsoll::shape
