// SPDX-License-Identifier: Apache-2.0
// An attempt that runs: what it holds, what it has used so far, when it is looked at next.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "plimsoll/allocate/pool.h"
#include "plimsoll/engine/engine.h"
#include "plimsoll/loop/ask.h"
#include "plimsoll/model/limits.h"
#include "plimsoll/model/plan.h"
#include "plimsoll/model/run.h"
#include "plimsoll/profile/profile_builder.h"
#include "plimsoll/shape/growth.h"
#include "plimsoll/shape/limit_writer.h"
#include "plimsoll/telemetry/usage_source.h"

namespace plimsoll::loop {

/// Why an attempt is being ended by us; the engine only sees a signal.
enum class EndedBy {
    itself,
    timeout,
    cancel,
    room,    ///< others need what it holds
    memory,  ///< it needs more than there is
};

/// Cores, over the last half second or as long as there was no sample.
struct CpuUse {
    Instant at{};       ///< of the sample that it was taken at
    Duration so_far{};  ///< up to then
    Cores now{};
};

/// What RunningAttempts has counted of an attempt.
struct Booked {
    struct Part {
        Resources held, billed;
        bool wants_memory = false, is_suspended = false;
        bool operator==(const Part&) const = default;
    };
    Part part;
    Instant due = Instant::max();
    std::size_t place_on_node = 0;
};

struct RunningAttempt {
    AttemptRecord record;
    Placement placement;
    std::vector<int> devices;  ///< the GPUs that it has, by number on its node
    allocate::Claim claim;
    std::size_t queue = 0;  ///< its place among the queues
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
    Reservation plan;       ///< as it was to be held when it started
    bool outgrown = false;  ///< it holds more memory than was planned, because it needed it
    shape::MemoryUse use;
    CpuUse cpu_use;
    bool is_pressed = false;  ///< the kernel told of it, and nothing has been done since
    bool is_stalled = false;  ///< it stands at its hard limit
    Bytes wanted{};           ///< memory that it should hold, more than it does; 0: it has enough
    Instant judged_from{};    ///< from then on its use tells what it does not need
    Bytes used_most{};        ///< since then
    std::optional<Instant> frozen_since;
    Instant delayed{};            ///< up to then what was planned has been put off by the time it was frozen
    bool cannot_freeze = false;   ///< it was refused once
    std::string checkpoint;       ///< the folder in which its work may be saved; "": it cannot be
    bool is_being_saved = false;  ///< before it is ended; `must_die` is then how long that may take
    Instant saving_since{};
    std::optional<engine::Ended> ended_meanwhile;  ///< it is settled when it is known what was saved
    bool is_suspended = false;  ///< frozen for others that are owed its cores: it holds none, and waits for no memory
    Instant inspected{};

    Instant phase_until{};     ///< while it runs on; as next_phase
    bool is_followed = false;  ///< what it holds is compared with its plan in the next round
    bool is_off_plan = true;   ///< as far as is known: it may hold other amounts than were planned for now
    Booked booked = {};
};

/// Where running attempts are read and written.
struct Watchers {
    telemetry::UsageSource& usage;
    shape::LimitWriter& limits;
};
/// Reads it, and sets when it is due next. Before its first sample an attempt is neither watched nor shaped: most tasks
/// of a tenth of a second need neither, and would pay for both.
void sample(RunningAttempt& attempt, const Watchers& watchers, Instant now);

/// When it wants to be looked at or ended next.
Instant due_at(const RunningAttempt& attempt);
/// Does it want more memory than it holds, or stand still for lack of it?
bool wants_memory(const RunningAttempt& attempt);
/// What its queue is billed: what is reserved for it, or what it uses where that is more.
Resources billed(const RunningAttempt& attempt);

/// For how long it has run, without what it was frozen.
Duration own_time(const RunningAttempt& attempt, Instant now);
/// What was planned to be held for it by now.
const Resources& planned(const RunningAttempt& attempt, Instant now);
/// When another amount is planned to be held next; never while it is frozen.
Instant next_phase(const RunningAttempt& attempt, Instant now);

/// From now on so much is held for it.
void hold_amounts(RunningAttempt& attempt, const Resources& amounts, Instant now);
/// Adds what was held, and the time it was frozen, up to `now` to its record.
void account(RunningAttempt& attempt, Instant now);
/// It goes on: what it was frozen does not count against its time.
void account_thaw(RunningAttempt& attempt, Instant now);

}  // namespace plimsoll::loop
