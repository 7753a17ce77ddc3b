// SPDX-License-Identifier: Apache-2.0
// What one attempt truly does, and how it stands at an instant. Internal to the simulated engine, beside Behaviour.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "plimsoll/base/time.h"
#include "plimsoll/model/limits.h"
#include "plimsoll/model/outcome.h"
#include "plimsoll/model/plan.h"
#include "plimsoll/model/profile.h"
#include "plimsoll/model/resources.h"
#include "plimsoll/model/task.h"

namespace plimsoll::simulate {

/// Memory over an attempt's own time, as it was recorded.
struct Curve {
    std::vector<Segment> segments;  ///< at least one, `until` rising
    Bytes peak;                     ///< the largest of them, not 0
};

/// What one attempt of a task truly does.
struct Behaviour {
    Duration runtime = std::chrono::seconds(1);
    Bytes memory_peak{};           ///< reached in a straight line, unless there is a curve
    double peak_at = 0.5;          ///< of the runtime
    double falls_at = 0.75;        ///< of the runtime, not before peak_at
    double memory_left = 1;        ///< the share of the peak that it keeps from there on
    const Curve* curve = nullptr;  ///< stretched to runtime and memory_peak; outlives the run
    Cores cpu{1};                  ///< used on average when that much is reserved; else it takes longer
    bool keeps_pace = false;       ///< not so: cores are shared by weight, and others leave it what it uses
    const Features* features =
        nullptr;  ///< what is known before it runs, instead of the input's size; outlives the run
    int exit_code = 0;
    Bytes input_bytes{};
    bool up_to_date = false;
    bool input_changes = false;
    bool can_start = true;
    bool is_refused = false;  ///< the machine cannot take it just now
    bool ignores_terminate = false;
    Duration saves_in{};  ///< what its work is saved in, when it is asked to
    bool exits_well_when_asked_to_end = false;
};
/// By task name and attempt number.
using Truth = std::function<Behaviour(const std::string& task_name, int attempt)>;

/// An attempt that runs. Its own time goes by with the speed of its node, and stands still while it is frozen.
struct Life {
    AttemptId attempt;
    NodeId node = 0;
    Resources reserved;
    std::vector<int> gpus;  ///< that it has
    double gpu_share = 1;   ///< of each
    Limits limits;
    Behaviour truth;
    double speed = 1;
    Instant started{};
    Instant ends = Instant::max();     ///< as things stand
    Instant notices = Instant::max();  ///< when its memory passes the mark, as things stand
    Outcome outcome;
    bool is_stopped = false;  ///< its end is settled, whatever its limits
    bool is_frozen = false;
    bool is_resumed = false;  ///< it went on from what was saved
    Instant runs_since{};
    Duration ran{};           ///< of its own time, up to runs_since
    Duration busy{};          ///< by the clock, frozen time apart, up to runs_since
    std::uint32_t stamp = 0;  ///< what was foreseen of it under another one is void
};

/// How much of its own time has gone by, and for how long it ran by the clock.
Duration own_time(const Life& life, Instant now);
Duration busy_time(const Life& life, Instant now);
/// From here on time goes by for it otherwise: what went by so far is kept.
void settle_time(Life& life, Instant now);
Bytes memory_at(const Life& life, Instant now);
/// When its memory comes to be beyond that; never, as things stand, where it is frozen or does not come to so much.
Instant when_beyond(const Life& life, Bytes memory, Instant now);
/// Its end, its outcome and its notice, from its limits and from how its time goes by. Not of one that is stopped.
void foresee(Life& life, Instant now);
/// The most that it came to hold by now.
Bytes high_water(const Life& life, Instant now);

}  // namespace plimsoll::simulate
