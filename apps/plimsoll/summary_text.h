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
/// One line for each step: attempts, memory reserved and used, cores, runtime; ranges over its tasks. As `aligned`.
std::string tasks_table(std::span<const AttemptRecord> attempts, std::size_t columns = 0);

/// Rows of as many cells each, at least one row, in columns as wide as what stands in them; two spaces before each.
/// Where that is wider than so many columns (0: whatever it takes), a long first cell has a line of its own.
std::string aligned(const std::vector<std::vector<std::string>>& rows, std::size_t columns = 0);

}  // namespace plimsoll::cli
