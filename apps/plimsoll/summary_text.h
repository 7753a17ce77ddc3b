// SPDX-License-Identifier: Apache-2.0
// A run's summary for people: at the end of `run`, and in `show`.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "plimsoll/loop/summary.h"

namespace plimsoll::cli {

/// State, makespan, counts, and a table of requested / reserved / used / wasted.
std::string summary_text(const RunRecord& run, const loop::Summary& summary);
/// One line for each failed task; "" when none failed.
std::string failures_text(std::span<const TaskRecord> tasks);
/// One line for each step: attempts, memory reserved and used, cores, runtime; ranges over its tasks.
std::string tasks_table(std::span<const AttemptRecord> attempts);

/// Rows of as many cells each, at least one row, in columns as wide as what stands in them; two spaces before each.
std::string aligned(const std::vector<std::vector<std::string>>& rows);

}  // namespace plimsoll::cli
