// SPDX-License-Identifier: Apache-2.0
// A run's summary for people: at the end of `run`, and in `show`.
#pragma once

#include <span>
#include <string>

#include "plimsoll/loop/summary.h"

namespace plimsoll::cli {

/// State, makespan, counts, and a table of requested / reserved / used / wasted.
std::string summary_text(const RunRecord& run, const loop::Summary& summary);
/// One line for each failed task; "" when none failed.
std::string failures_text(std::span<const TaskRecord> tasks);
/// One line for each step: attempts, memory reserved and used, cores, runtime; ranges over its tasks.
std::string tasks_table(std::span<const AttemptRecord> attempts);

}  // namespace plimsoll::cli
