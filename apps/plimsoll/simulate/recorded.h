// SPDX-License-Identifier: Apache-2.0
// Recorded runs, from the history or from another tool's file, as work that can be played again.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plimsoll/history/database.h"
#include "plimsoll/simulate/what_if.h"

namespace plimsoll::cli {

struct Recorded {
    std::string name;
    simulate::RecordedWork work;
    std::vector<Observation> before;  ///< what earlier runs had taught by then
    std::optional<simulate::Course> went;
};

/// One run by its name, or "all": those that ran here and ended. not_found where there is nothing to play.
Result<std::vector<Recorded>> recorded_runs(const history::Database& history, const std::string& name);
/// `format`: nextflow, sacct, wfformat, swf, wfinstances, openb; "": by the file's name.
Result<std::vector<Recorded>> recorded_trace(const std::string& file, const std::string& format);

/// What the run took as it was recorded.
simulate::Course course_of(const RunRecord& run, const std::vector<TaskRecord>& tasks,
                           const std::vector<AttemptRecord>& attempts);

}  // namespace plimsoll::cli
