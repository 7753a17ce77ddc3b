// SPDX-License-Identifier: Apache-2.0
// Attempts as they are recorded. Internal to `history`.
#pragma once

#include <optional>
#include <vector>

#include "plimsoll/base/result.h"
#include "plimsoll/history/sqlite.h"
#include "plimsoll/model/run.h"

namespace plimsoll::history {

struct WhichAttempts {
    std::optional<TaskId> task = {};
    bool only_open = false;  ///< begun and not ended
};
/// In the order of tasks and attempts.
Result<std::vector<AttemptRecord>> read_attempts(const Connection& connection, const RunId& run,
                                                 const WhichAttempts& which);

}  // namespace plimsoll::history
