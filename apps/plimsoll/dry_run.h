// SPDX-License-Identifier: Apache-2.0
// --dry-run: what would run, with which sizes, and how long it would take; nothing is run or written.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "apps/plimsoll/commands.h"
#include "apps/plimsoll/outlook.h"
#include "plimsoll/history/database.h"
#include "plimsoll/machine/host.h"
#include "plimsoll/model/queue_spec.h"
#include "plimsoll/workflow/load.h"

namespace plimsoll::cli {

/// What a run would do, and the most it may hold.
struct Rehearsal {
    std::vector<Outlook> all;
    Resources capacity;
};
Result<Rehearsal> rehearse(const RunOptions& options, const machine::Host& host,
                           const std::optional<history::Database>& history, const workflow::Workflow& workflow,
                           std::span<const Task> tasks);

/// Prints what would run, for how long all of it would take, and whether `tasks` would be done by their deadlines.
Result<int> dry_run(const Rehearsal& rehearsal, std::span<const Task> tasks, const std::vector<QueueSpec>& queues);

}  // namespace plimsoll::cli
