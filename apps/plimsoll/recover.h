// SPDX-License-Identifier: Apache-2.0
// What earlier runners left behind when they died: their processes and cgroups are ended, their attempts
// become lost, and what those left half-written is known to the next run.
#pragma once

#include <span>
#include <vector>

#include "plimsoll/base/clock.h"
#include "plimsoll/history/database.h"
#include "plimsoll/workflow/file_workspace.h"
#include "plimsoll/workflow/load.h"

namespace plimsoll::cli {

/// Ends what dead runners of this user left on this machine, and settles the interrupted runs of this
/// workflow. Gives the attempts whose outputs are not to be trusted.
Result<std::vector<workflow::Interrupted>> recover_interrupted(std::optional<history::Database>& history,
                                                               const workflow::Workflow& workflow,
                                                               std::span<const Task> tasks, const Clock& clock);

/// Keeps a second run of the same workflow file out until it is destroyed; refused while one is under way.
Result<Fd> lock_workflow(const std::string& file);

}  // namespace plimsoll::cli
