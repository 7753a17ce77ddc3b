// SPDX-License-Identifier: Apache-2.0
// The attempts that run now: what they hold, what they have used so far, when each is looked at next.
#pragma once

#include <map>
#include <optional>

#include "plimsoll/allocate/pool.h"
#include "plimsoll/loop/ask.h"
#include "plimsoll/model/limits.h"
#include "plimsoll/model/plan.h"
#include "plimsoll/model/run.h"
#include "plimsoll/profile/profile_builder.h"
#include "plimsoll/shape/growth.h"
#include "plimsoll/telemetry/usage_source.h"

namespace plimsoll::loop {

/// Why an attempt is being ended by us; the engine only sees a signal.
enum class EndedBy {
    itself,
    timeout,
    cancel,
    room,    ///< others need the memory that it holds
    memory,  ///< it needs more than there is
};

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

    Resources held;  ///< for it, now
    Instant held_since{};
    Limits limits;
    Bytes started_with{};  ///< memory
    shape::MemoryUse use;
    Bytes wanted{};     ///< memory that it should hold, more than it does; 0: it has enough
    Instant changed{};  ///< when what it holds last changed
    std::optional<Instant> frozen_since;
    bool cannot_freeze = false;  ///< it was refused once
    Instant inspected{};
};

using RunningAttempts = std::map<TaskId, RunningAttempt>;

/// Reads every attempt that is due and sets when it is due next.
void sample_due(RunningAttempts& running, telemetry::UsageSource& usage, Instant now);

/// The first instant at which a running attempt wants to be looked at or ended.
Instant next_due(const RunningAttempts& running);

/// From now on so much memory is held for it.
void hold_memory(RunningAttempt& attempt, Bytes memory, Instant now);
/// Adds what was held, and the time it was frozen, up to `now` to its record.
void account(RunningAttempt& attempt, Instant now);
/// It goes on: what it was frozen does not count against its time.
void account_thaw(RunningAttempt& attempt, Instant now);

/// What all of them hold together.
Resources held_by(const RunningAttempts& running);

}  // namespace plimsoll::loop
