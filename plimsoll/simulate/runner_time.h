// SPDX-License-Identifier: Apache-2.0
// The time that Plimsoll itself takes beside the tasks, as it can be read off the records of a run. Where tasks take a
// tenth of a second it decides how long a run takes; a replay without it would be too fast.
#pragma once

#include <span>

#include "plimsoll/base/time.h"
#include "plimsoll/model/run.h"

namespace plimsoll::simulate {

struct RunnerTime {
    Duration before_first{};  ///< from the start of the run to that of its first task
    Duration per_end{};       ///< from the end of a task to a start that it made room for
    Duration per_start{};     ///< from one start to the next of the same round
    Duration after_last{};    ///< from the end of the last task to that of the run
    bool operator==(const RunnerTime&) const = default;
};

/// Of a run that ran here, the middle of what was seen of each; nothing of an import, whose times are another tool's.
RunnerTime runner_time(const RunRecord& run, std::span<const AttemptRecord> attempts);

}  // namespace plimsoll::simulate
