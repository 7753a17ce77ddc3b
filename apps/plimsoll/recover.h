// SPDX-License-Identifier: Apache-2.0
// What earlier runners left behind when they died: their processes and cgroups are ended, their attempts
// become lost, and what those left half-written is known to the next run.
#pragma once

#include <span>
#include <vector>

#include "plimsoll/base/clock.h"
#include "plimsoll/history/open_for_run.h"
#include "plimsoll/workflow/file_workspace.h"
#include "plimsoll/workflow/load.h"

namespace plimsoll::cli {

/// The runs of this workflow whose runners died, and what is not to be trusted.
struct Recovered {
    std::vector<workflow::Interrupted> attempts;  ///< their outputs have yet to be set aside
    std::vector<RunId> runs;                      ///< and these are to be marked then, not before
    bool left_containers = false;                 ///< by any run: their processes are ended, the rest is there still
};

/// Ends what dead runners of this user left on this machine, and finds the interrupted runs of this workflow.
Result<Recovered> find_interrupted(const std::optional<history::Database>& history, const workflow::Workflow& workflow,
                                   std::span<const Task> tasks, const Clock& clock);

/// Sets aside what they left, and only then marks the runs as interrupted: should this runner die in between, the
/// next finds all of it again, and what was set aside already is not there any more.
Result<void> settle_interrupted(const Recovered& recovered, history::RunHistory& history,
                                workflow::FileWorkspace& workspace, const Clock& clock);

/// Keeps a second run of the same workflow file out until it is destroyed; refused while one is under way.
Result<Fd> lock_workflow(const std::string& file);

}  // namespace plimsoll::cli
