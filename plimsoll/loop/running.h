// SPDX-License-Identifier: Apache-2.0
// The attempts that run now: what they hold, what they have used so far, when each is looked at next.
#pragma once

#include <map>
#include <optional>

#include "plimsoll/allocate/pool.h"
#include "plimsoll/loop/ask.h"
#include "plimsoll/model/plan.h"
#include "plimsoll/model/run.h"
#include "plimsoll/profile/profile_builder.h"
#include "plimsoll/telemetry/usage_source.h"

namespace plimsoll::loop {

/// Why an attempt is being ended by us; the engine only sees a signal.
enum class EndedBy { itself, timeout, cancel };

struct RunningAttempt {
    AttemptRecord record;
    Placement placement;
    allocate::Claim claim;
    Instant started{};
    std::optional<Instant> must_end;  ///< the user's timeout
    std::optional<Instant> must_die;  ///< asked to end, and killed from here on
    Instant next_sample = Instant::max();
    Instant last_sample{};
    bool watched = false;
    EndedBy ended_by = EndedBy::itself;
    profile::ProfileBuilder profile;
};

using RunningAttempts = std::map<TaskId, RunningAttempt>;

/// Reads every attempt that is due and sets when it is due next.
void sample_due(RunningAttempts& running, telemetry::UsageSource& usage, Instant now);

/// The first instant at which a running attempt wants to be looked at or ended.
Instant next_due(const RunningAttempts& running);

/// What all of them hold together.
Resources held_by(const RunningAttempts& running);

}  // namespace plimsoll::loop
