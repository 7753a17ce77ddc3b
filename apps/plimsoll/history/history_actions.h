// SPDX-License-Identifier: Apache-2.0
// The actions of `plimsoll history` that have a file of their own.
#pragma once

#include "apps/plimsoll/commands.h"
#include "plimsoll/history/database.h"

namespace plimsoll::cli {

/// Opens the database for writing; an error where there is none, instead of making one.
Result<history::Database> open_writable(const HistoryOptions& options);
void print_shrunk(const history::Shrunk& shrunk, bool as_json);

/// What is stored, how large, since when; by workflow.
Result<void> history_overview(const HistoryOptions& options);
/// Every attempt, a line each.
Result<void> history_export(const HistoryOptions& options);
/// Sets, or tells, what is kept.
Result<void> history_keep(const HistoryOptions& options);
/// forget --keep-size.
Result<void> history_shrink(const HistoryOptions& options);

/// After a run: does what `history keep` has set, once an hour, and says on standard error what it removed. What goes
/// wrong is no failure of the run.
void keep_what_is_set(std::optional<history::Database>& database, WallTime now);

}  // namespace plimsoll::cli
