// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/shape/growth.h"

#include <algorithm>

namespace plimsoll::shape {
namespace {

// Where nothing is free the limit is above what is held all the same: by what a task can touch between
// passing its notice mark and being frozen, some hundred MiB at the most (1-2 GiB/s for some 0.1 s).
constexpr double share_above = 0.25;
constexpr Bytes most_above{256 << 20};

// The kernel counts pages; two writes of nearly the same amount are one.
constexpr std::int64_t grain = 1 << 20;

Bytes round_up(double amount) {
    const auto whole = static_cast<std::int64_t>(amount);
    return {(whole + grain - 1) / grain * grain};
}

}  // namespace

Bytes notice_mark(Bytes held, const GrowthPolicy& policy) {
    return std::max(Bytes{}, std::min(held * policy.notice_share, held - policy.least_spare));
}

std::optional<Bytes> wanted(Bytes held, const MemoryUse& use, const GrowthPolicy& policy) {
    const auto used = static_cast<double>(use.now.count);
    const double ahead = std::min(use.rise_per_s * seconds(policy.foresight), policy.largest_step * used);
    const bool is_near = use.now >= notice_mark(held, policy);
    // A steep rise is met before the mark, as far as the next samples may come.
    if (!is_near && used + ahead < static_cast<double>(held.count)) return std::nullopt;
    const double least = std::max(policy.least_step * used, 2 * static_cast<double>(policy.least_spare.count));
    // Twice as far ahead as it takes to want more, so that not every sample wants more.
    const double step = std::max(std::min(2 * ahead, policy.largest_step * used), least);
    const Bytes enough = round_up(used + step);
    return enough > held ? std::optional(enough) : std::nullopt;
}

bool may_run_on(Bytes held, const MemoryUse& use, const GrowthPolicy& policy) {
    const double ahead = use.rise_per_s * seconds(policy.foresight) / 2;
    return static_cast<double>(use.now.count) + ahead < policy.last_share * static_cast<double>(held.count);
}

Bytes hard_limit(Bytes held, Bytes free) {
    const Bytes least = std::min(held * share_above, most_above);
    return held + std::max(least, free * 0.5);
}

}  // namespace plimsoll::shape
