// SPDX-License-Identifier: Apache-2.0
// A single command driven through the loop on this machine.
#pragma once

#include "apps/plimsoll/commands.h"
#include "apps/plimsoll/live_run.h"
#include "plimsoll/machine/host.h"
#include "plimsoll/machine/ledger.h"
#include "plimsoll/model/queue_spec.h"
#include "plimsoll/workflow/single_command.h"

namespace plimsoll::cli {

struct ExecPlan {
    const ExecOptions& options;
    const machine::Host& host;
    const machine::HoldingOptions& holding;
    workflow::SingleCommand command;
    int json = -1;  ///< a descriptor for the report as JSON; -1: none
    std::vector<QueueSpec> queues = default_queues();
};

/// Runs it to its end, tells what it used, and gives its exit code (128 + signal).
Result<int> exec_live(ExecPlan plan);

}  // namespace plimsoll::cli
