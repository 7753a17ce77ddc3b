// SPDX-License-Identifier: Apache-2.0
// A run as it was recorded -> work that can be played again: its tasks, who needs whom, and what each truly did.
//
// Who needs whom follows from the files of receipts, and from whose end a task was last waited for. Of an import
// neither is known: its tasks then join when they did.
#pragma once

#include <deque>
#include <span>
#include <string>
#include <vector>

#include "plimsoll/model/receipt.h"
#include "plimsoll/model/run.h"
#include "plimsoll/simulate/runner_time.h"
#include "plimsoll/simulate/simulated_life.h"

namespace plimsoll::simulate {

/// What one attempt of a task did, for others of its kind to be drawn from.
struct Sample {
    Behaviour behaviour;
    double used_byte_seconds = 0;  ///< of memory, measured
    double used_core_seconds = 0;
};

/// Tasks point into `steps`, samples into `curves` and `features`: moves, does not copy.
struct RecordedWork {
    RunRecord run;
    std::deque<Step> steps;
    std::vector<Task> tasks;
    std::vector<Instant> arrivals;  ///< not falling
    std::vector<Sample> samples;    ///< of each task
    std::deque<Curve> curves;
    std::deque<Features> features;
    std::size_t without_request = 0;  ///< tasks that asked for no memory
    bool has_needs = false;           ///< is it known who needs whom?
    RunnerTime runner;                ///< what the run took beside its tasks

    RecordedWork() = default;
    RecordedWork(RecordedWork&&) noexcept = default;
    RecordedWork& operator=(RecordedWork&&) noexcept = default;
};

/// Of the tasks of which an attempt ended; those that never finished fail as their last attempt did. Empty when there
/// is none.
RecordedWork recorded_work(const RunRecord& run, std::span<const AttemptRecord> attempts,
                           std::span<const Receipt> receipts);

}  // namespace plimsoll::simulate
