// SPDX-License-Identifier: Apache-2.0
// What the commands share: how an error becomes words and an exit code, and where the history is.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "apps/plimsoll/commands.h"
#include "plimsoll/base/result.h"
#include "plimsoll/history/open_for_run.h"

namespace plimsoll::cli {

/// "plimsoll: MESSAGE" on standard error; gives the exit code that the kind of error calls for.
int fail(const Error& error);
/// The text on standard output. A reader that has gone away (| head) is no error.
void print(std::string_view text);
/// The file through which the runs on this machine agree: $PLIMSOLL_LEDGER, or the machine's.
std::string ledger_file();
/// The database the user named, else the XDG place; absolute.
Result<std::string> history_path(const std::optional<std::string>& named);
/// The same for a run, which can do without one it did not name.
history::HistoryChoice history_choice(const std::optional<std::string>& named);
/// Opens it for reading, brought up to date where it is of an older Plimsoll; an error tells what to do when there is
/// none yet.
Result<history::Database> open_history(const std::optional<std::string>& named);
/// The same; nothing when there is none yet.
Result<std::optional<history::Database>> open_history_if_any(const std::optional<std::string>& named);
/// The run, or "last"; one whose owner is dead is interrupted, though nobody has recorded that yet.
Result<RunRecord> find_run(const history::Database& history, const std::string& name);
/// As it stands: running becomes interrupted where the owner is dead.
RunRecord as_it_stands(RunRecord run);
/// What `explain` and `logs` are asked for.
struct Target {
    RunRecord run;
    std::vector<TaskRecord> tasks;  ///< the one that was named, or those of the step; none: the whole run
};
/// A run and a task or step of it; a single word that is no run's id is one of the last run. not_found names the
/// nearest.
Result<Target> find_target(const history::Database& history, const TargetOptions& options);

}  // namespace plimsoll::cli
