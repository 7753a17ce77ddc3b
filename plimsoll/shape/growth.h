// SPDX-License-Identifier: Apache-2.0
// How much memory a running attempt should hold, from what it uses.
//
// What is held is what an attempt is expected to need; it is grown once it uses more, by a little more than it
// will use until it is looked at next: steps in proportion, so that any need is reached in a few of them and
// little is held in vain. Its hard limit stands above what is held, so nothing happens to it meanwhile.
#pragma once

#include <optional>

#include "plimsoll/base/time.h"
#include "plimsoll/base/units.h"
#include "plimsoll/model/growth_rule.h"

namespace plimsoll::shape {

struct GrowthPolicy {
    GrowthRule rule;
    double largest_step = 0.5;                            ///< however steeply it rises
    Duration foresight = std::chrono::milliseconds(200);  ///< so much of its present rise it is given ahead
    Bytes least_spare{4 << 20};                           ///< beyond use, however small it is
    Duration settled = std::chrono::seconds(3);  ///< so long it has to have used less, however short it has run
};

/// An attempt's memory as it was last seen.
struct MemoryUse {
    Bytes now{};
    double rise_per_s = 0;  ///< bytes/s over the last samples; 0 when it falls
};

/// What an attempt that holds `held` should hold; nothing while that is enough.
std::optional<Bytes> wanted(Bytes held, const MemoryUse& use, const GrowthPolicy& policy = {});

/// For how long an attempt of such an age has to have used less before it gives back what growing gave it.
Duration patience(Duration own_time, const GrowthPolicy& policy);

/// What a grown attempt that holds `held`, and has used `lately` at most for as long as that, should hold; nothing
/// where the difference is too small for a change of limits. Never less than `planned`.
std::optional<Bytes> enough(Bytes held, Bytes planned, Bytes lately, const GrowthPolicy& policy);

/// The hard limit of an attempt that holds `held` while `free` is held by nobody, on a machine with so much memory:
/// it stands above what is held, since at the limit a read() into fresh memory, a fork() and a write to tmpfs fail
/// outright, and since the sum of what is held, not of the limits, is what the machine has to bear.
Bytes hard_limit(Bytes held, Bytes free, Bytes machine);

}  // namespace plimsoll::shape
