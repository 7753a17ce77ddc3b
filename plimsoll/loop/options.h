// SPDX-License-Identifier: Apache-2.0
// What a run of the loop is told: where it runs, how its tasks are sized, shaped and ordered, how it ends.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plimsoll/allocate/ahead.h"
#include "plimsoll/base/result.h"
#include "plimsoll/base/time.h"
#include "plimsoll/base/units.h"
#include "plimsoll/model/queue_spec.h"
#include "plimsoll/model/risk.h"
#include "plimsoll/model/run.h"
#include "plimsoll/schedule/schedule.h"

namespace plimsoll::loop {

/// What is done to a task while it runs.
enum class ShapeMode {
    full,  ///< what it holds follows its forecast over time, and it is grown where it needs more
    flat,  ///< its peak is held throughout; it is grown where it needs more
    off,   ///< its peak is held throughout, and at that it is stopped
};
std::string_view name_of(ShapeMode mode);
Result<ShapeMode> parse_shape_mode(std::string_view name);

struct Options {
    RunId run;
    std::string folder;       ///< absolute: the workflow's
    std::string log_folder;   ///< absolute, exists
    std::string machine;      ///< for Features
    bool keep_going = false;  ///< after a failure: run all that does not depend on it
    bool may_exceed_request = false;
    ShapeMode shape = ShapeMode::full;
    std::optional<Risk> risk = {};  ///< as in SizingTerms
    std::vector<QueueSpec> queues = default_queues();
    schedule::Policy policy = {};
    allocate::AheadRule ahead = {};
    Bytes memory_headroom{};                    ///< forecast::live_headroom in live runs
    Duration grace = std::chrono::seconds(10);  ///< between SIGTERM and SIGKILL
};

/// How a run is brought to an end before its tasks are done; each is stronger than the one before.
enum class StopMode { none, drain, terminate, kill };

}  // namespace plimsoll::loop
