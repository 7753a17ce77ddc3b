// SPDX-License-Identifier: Apache-2.0
// Why a task started before others, as `explain` tells it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "plimsoll/base/time.h"
#include "plimsoll/model/plan.h"
#include "plimsoll/model/queue_spec.h"

namespace plimsoll::loop {

struct StartStory {
    StartCause cause = StartCause::first_in_line;
    bool has_runtime = true;                       ///< how long the task takes is forecast, not assumed
    std::string_view first;                        ///< of a backfill: the name of who waits
    std::optional<Duration> first_starts_in = {};  ///< nothing where that rests on runtimes that nobody knows
    bool is_planned = false;                       ///< by an order that was found beforehand, not by the longest path
    Discipline discipline = Discipline::path;      ///< of its queue
    std::optional<Duration> kept_ahead = {};       ///< so long room had been kept for it before it was ready
    std::string turn = {};                         ///< whose turn it was, where queues share the machine
};

/// "backfill: room beside align[s3], which starts in 12.0 s". Times that rest on an assumed runtime are not told.
std::string start_reason(const StartStory& story);

}  // namespace plimsoll::loop
