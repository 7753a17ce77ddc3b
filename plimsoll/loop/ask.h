// SPDX-License-Identifier: Apache-2.0
// Forecast -> what to reserve for the next attempt, and every clamp on the way as a Decision.
#pragma once

#include <vector>

#include "plimsoll/forecast/forecaster.h"
#include "plimsoll/loop/task_table.h"
#include "plimsoll/model/decision.h"
#include "plimsoll/model/forecast.h"
#include "plimsoll/model/plan.h"
#include "plimsoll/model/resources.h"

namespace plimsoll::loop {

/// What needs more than its curve is grown while it runs; where memory is short it waits for a while.
constexpr Duration growth_stall = std::chrono::seconds(2);

struct Ask {
    Resources amounts;          ///< the most it comes to
    std::vector<Phase> phases;  ///< over its own time, as in Reservation; empty: the amounts throughout
    Duration runtime{};
    Forecast forecast;
    std::vector<Decision> decisions;  ///< time and attempt are filled in by the loop
};

/// How the run sizes its tasks.
struct SizingTerms {
    bool may_exceed_request = false;
    std::optional<Risk> risk = {};  ///< of the whole run, whatever its steps say; none: as they say
    Bytes memory_headroom{};
    Resources machine;       ///< the most that can ever be held here
    bool in_phases = false;  ///< may what a task holds follow its forecast over time?

    forecast::Terms of(const Step& step) const;
};

/// A little more than whole cores, as the spread of a forecast makes it, would keep a neighbour off nearly a whole
/// one: whole cores then. Memory that is short ends a task; a core that is short slows it down, here by 15 % at most.
Cores settled_cores(Cores forecast);

Ask size_task(const TaskTable::Entry& entry, const Features& features, const forecast::Forecaster& forecaster,
              const SizingTerms& terms);

}  // namespace plimsoll::loop
