// SPDX-License-Identifier: Apache-2.0
// What the commands share: how an error becomes words and an exit code, and where the history is.
#pragma once

#include <optional>
#include <string>

#include "apps/plimsoll/commands.h"
#include "plimsoll/base/result.h"
#include "plimsoll/history/open_for_run.h"

namespace plimsoll::cli {

/// "plimsoll: MESSAGE" on standard error; gives the exit code that the kind of error calls for.
int fail(const Error& error);
/// The text on standard output. A reader that has gone away (| head) is no error.
void print(std::string_view text);
/// The database the user named, else the XDG place; absolute.
Result<std::string> history_path(const std::optional<std::string>& named);
/// The same for a run, which can do without one it did not name.
history::HistoryChoice history_choice(const std::optional<std::string>& named);
/// Opens it for reading; an error tells what to do when there is none yet.
Result<history::Database> open_history(const std::optional<std::string>& named);
/// The task called `name` in the run; not_found names the nearest.
Result<TaskRecord> find_task(const history::Database& history, const RunId& run, const std::string& name);

}  // namespace plimsoll::cli
