// SPDX-License-Identifier: Apache-2.0
// A run on this machine: the real edges put together around the loop, driven until it is done.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "apps/plimsoll/commands.h"
#include "apps/plimsoll/recover.h"
#include "plimsoll/history/open_for_run.h"
#include "plimsoll/machine/container_engine.h"
#include "plimsoll/machine/host.h"
#include "plimsoll/model/queue_spec.h"
#include "plimsoll/workflow/file_workspace.h"
#include "plimsoll/workflow/load.h"

namespace plimsoll::cli {

/// What one run is made of; everything outlives it.
struct LivePlan {
    const RunOptions& options;
    const machine::Host& host;
    history::RunHistory& history;
    const workflow::Workflow& workflow;
    std::vector<Task> tasks;
    Recovered interrupted;  ///< what dead runners left behind
    RunId id;
    std::optional<machine::ContainerEngine> containers;  ///< where a step names an image
    std::vector<QueueSpec> queues = default_queues();
};

/// Runs it to its end and tells what happens as the options say. Gives the exit code.
Result<int> run_live(LivePlan plan);

/// What --max-cpu, --max-memory and --keep-free say.
Result<machine::HoldingOptions> holding_options(const RunOptions& options);

/// "20261121-044742-7f3a"
RunId new_run_id(WallTime now);

}  // namespace plimsoll::cli
