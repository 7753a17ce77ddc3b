// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/forecast/curve_replay.h"

#include <algorithm>
#include <cmath>

namespace plimsoll::forecast {
namespace {

// At a failure weight of 1, in units of peak x runtime. A weight of 1 is what a static attempt counts that fails; one
// that fails at a boundary is begun again knowing where that is, and a growth is a few writes to the kernel. Both by
// docs/design/sizing-over-time.md.
constexpr double per_failure = 0.05;
constexpr double per_growth = 0.002;

/// From a cell on it holds its peak.
double wasted_when_raised(const LaidRun& run, const Cells& plan, std::size_t from) {
    double wasted = 0;
    for (std::size_t at = 0; at < run.end; ++at)
        wasted += run.seconds_in(at) * ((at < from ? plan[at] : 1) - run.memory[at]);
    return wasted;
}

}  // namespace

KilledCost cost_if_killed(const LaidRun& run, const Cells& plan, const Overrun& overrun) {
    double held = 0, used = 0;
    for (std::size_t at = 0; at < run.end; ++at) {
        const double length = run.seconds_in(at);
        held += length * plan[at];
        used += length * run.memory[at];
        if (run.memory[at] <= plan[at]) continue;
        const auto from = static_cast<std::size_t>((1 - raised_sooner) * static_cast<double>(at));
        const double again = wasted_when_raised(run, plan, from);
        return {held + again + per_failure * overrun.failure_weight * run.runtime_s, true};
    }
    return {held - used, false};
}

double cost_if_grown(const LaidRun& run, const Cells& plan, const GrowthRule& rule, const Overrun& overrun) {
    const auto more = static_cast<float>(1 + rule.step);
    const double beside = per_growth * overrun.failure_weight * run.runtime_s;
    double cost = 0;
    float grown = 0, lately = 0;
    std::size_t since = 0;
    for (std::size_t at = 0; at < run.end; ++at) {
        const float needed = run.memory[at], held = std::max(plan[at], grown);
        lately = std::max(lately, needed);
        const bool outgrows = needed > held;
        if (outgrows) {
            // Within a cell it has risen steadily.
            const double times = held > 0 ? std::ceil(std::log(needed / held) / std::log(more)) : 1;
            cost += std::max(1.0, times) * (overrun.growth_s.value_or(0) * needed + beside);
            grown = more * needed;
        } else if (grown > 0 && static_cast<double>(at - since) > rule.patience * static_cast<double>(at)) {
            grown = std::min(grown, more * lately);
        } else {
            cost += run.seconds_in(at) * (held - needed);
            continue;
        }
        since = at;
        lately = needed;
        cost += run.seconds_in(at) * (std::max(plan[at], grown) - needed);
    }
    return cost;
}

}  // namespace plimsoll::forecast
