// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/shape/growth.h"

#include <algorithm>

namespace plimsoll::shape {
namespace {

// Where nothing is free the limit is above what is held all the same: by what a task can touch between passing what
// it holds and being frozen. That is 1-2 GiB/s for some 0.1 s, however little it holds: a task of 30 MiB reads a file
// of 200 MiB as fast as a large one does. How much all tasks together overdraw so is bounded by what the cores can
// touch meanwhile, not by the sum of the limits, and ends with the freezing: a small part of what a machine has per
// core. One with less than 4 GiB has little to lend: there it is a sixteenth of that, or a quarter of what is held.
constexpr double share_of_held = 0.25;
constexpr double share_of_machine = 1.0 / 16;
constexpr Bytes most_above{256 << 20};

constexpr double least_given_back = 0.1;  ///< of what is held

// The kernel counts pages; two writes of nearly the same amount are one.
constexpr std::int64_t grain = 1 << 20;

Bytes round_up(double amount) {
    const auto whole = static_cast<std::int64_t>(amount);
    return {(whole + grain - 1) / grain * grain};
}

}  // namespace

std::optional<Bytes> wanted(Bytes held, const MemoryUse& use, const GrowthPolicy& policy) {
    if (use.now <= held) return std::nullopt;
    const auto used = static_cast<double>(use.now.count);
    const double ahead = std::min(use.rise_per_s * seconds(policy.foresight), policy.largest_step * used);
    const double least = std::max(policy.rule.step * used, static_cast<double>(policy.least_spare.count));
    return round_up(used + std::max(ahead, least));
}

Duration patience(Duration own_time, const GrowthPolicy& policy) {
    return std::max(policy.settled, from_seconds(policy.rule.patience * seconds(own_time)));
}

std::optional<Bytes> enough(Bytes held, Bytes planned, Bytes lately, const GrowthPolicy& policy) {
    const double used = (1 + policy.rule.step) * static_cast<double>(lately.count);
    const Bytes enough = std::max(planned, round_up(used) + policy.least_spare * 2);
    return enough > held * (1 - least_given_back) ? std::nullopt : std::optional(enough);
}

Bytes hard_limit(Bytes held, Bytes free, Bytes machine) {
    const Bytes least = std::min(std::max(held * share_of_held, machine * share_of_machine), most_above);
    return held + std::max(least, free * 0.5);
}

}  // namespace plimsoll::shape
