// SPDX-License-Identifier: Apache-2.0
// Forecast -> what to reserve for the next attempt, and every clamp on the way as a Decision.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "plimsoll/forecast/forecaster.h"
#include "plimsoll/loop/task_table.h"
#include "plimsoll/model/decision.h"
#include "plimsoll/model/forecast.h"
#include "plimsoll/model/plan.h"
#include "plimsoll/model/resources.h"
#include "plimsoll/schedule/pilots.h"

namespace plimsoll::loop {

/// What needs more than its curve is grown while it runs; where memory is short it waits for a while.
constexpr Duration growth_stall = std::chrono::seconds(2);

/// Why the next attempt gets more memory than its forecast says.
struct Raised {
    enum class Cause { not_raised, outgrown, out_of_memory };
    Cause cause = Cause::not_raised;
    Bytes from{}, to{};
};

struct Ask {
    Resources amounts;          ///< the most it comes to
    std::vector<Phase> phases;  ///< over its own time, as in Reservation; empty: the amounts throughout
    Duration runtime{};
    Forecast forecast;
    Raised raised;                    ///< memory beyond the forecast, of one that is tried again
    Resources forecast_amounts;       ///< before they were cut to what can be held here, and to whole cores
    Bytes sized_memory{};             ///< as it was sized; less may have been settled for since
    std::vector<Decision> decisions;  ///< taken since it was sized; time and attempt are filled in by the loop
};

/// A ready task that has been looked at and sized, and waits for its place.
struct Queued {
    Features features;
    Ask ask;
    schedule::Standing standing = schedule::Standing::usual;
};

/// What a task of the step with such features asks for, whatever became of earlier attempts.
struct SizedAs {
    const Step* step = nullptr;
    Features features;
    Ask ask;
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
/// What sizing it decided, in words. Apart, since a task that waits is sized many times and starts once.
std::vector<Decision> size_decisions(const Ask& ask, const Step& step, const SizingTerms& terms);
/// "512 MiB for 2.00 s, then 60.0 MiB"
std::string phases_text(std::span<const Phase> phases);
/// Is the task sized by its step and its features alone, whatever became of earlier attempts?
bool is_sized_alike(const Tries& tries);

}  // namespace plimsoll::loop
