// SPDX-License-Identifier: Apache-2.0
// A run's totals as JSON, alone or in what `plimsoll show --json` prints (docs/reference/schemas/show.schema.json), and
// what the report's page shows.
#pragma once

#include <span>
#include <string>

#include "plimsoll/loop/summary.h"
#include "plimsoll/profile/step_profile.h"

namespace plimsoll::report {

/// One object: makespan_s, tasks, attempts, memory_gbh, cpu_ch. Whoever says more of a run begins with it.
std::string totals_json(const loop::Summary& summary);

/// One object, indented, with a newline at its end.
std::string summary_json(const RunRecord& run, const loop::Summary& summary,
                         std::span<const profile::StepProfile> steps);

}  // namespace plimsoll::report
