// SPDX-License-Identifier: Apache-2.0
// What every live run is made of, be it of a workflow or of a single command: the edges of the loop on this machine,
// its record, and how it sizes its tasks.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "apps/plimsoll/commands.h"
#include "plimsoll/base/background.h"
#include "plimsoll/base/clock.h"
#include "plimsoll/engine/local_engine.h"
#include "plimsoll/history/open_for_run.h"
#include "plimsoll/loop/loop.h"
#include "plimsoll/machine/host.h"
#include "plimsoll/machine/ledger.h"
#include "plimsoll/shape/local_limits.h"
#include "plimsoll/shape/page_cache.h"
#include "plimsoll/telemetry/local_usage.h"

namespace plimsoll::cli {

/// In the order in which they need each other; each kind of run adds a workspace of its own.
struct LiveWorld {
    MachineClock clock;
    LowPriorityThread background;
    std::unique_ptr<forecast::Forecaster> forecaster;
    std::unique_ptr<engine::LocalEngine> engine;
    std::unique_ptr<shape::LocalLimits> limits;
    std::unique_ptr<telemetry::LocalUsage> usage;
    std::unique_ptr<machine::SharedLedger> ledger;
    std::unique_ptr<shape::Warmer> warmer;  ///< none: nothing is read ahead
    RunRecord record;
    std::unique_ptr<history::Store> store;
};

/// Engine, limits, usage and ledger. The host outlives the world.
Result<void> open_machine(LiveWorld& world, engine::LocalOptions options, const machine::Host& host,
                          const machine::HoldingOptions& holding);
/// A run of this process that begins: with an id, and what it is of where a file says so.
RunRecord begun_record(const RunId& id, const machine::Host& host, const Clock& clock);
/// What a record and the user's word say of the loop; the world has its record.
loop::Options loop_options(const LiveWorld& world, const RunOptions& options, std::string log_folder,
                           std::vector<QueueSpec> queues);
/// The engine wakes for signals, limits and the store, too.
Result<void> wake_for(LiveWorld& world, int signals);
/// Attempts that ended: from the history, or of a run that is not recorded from memory.
Result<std::vector<AttemptRecord>> ended_attempts(const LiveWorld& world, const history::RunHistory& history);

}  // namespace plimsoll::cli
