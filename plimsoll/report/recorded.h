// SPDX-License-Identifier: Apache-2.0
// What a report is made from: all that the history holds of one run.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "plimsoll/model/decision.h"
#include "plimsoll/model/receipt.h"
#include "plimsoll/model/run.h"

namespace plimsoll::report {

struct Recorded {
    RunRecord run;
    std::vector<TaskRecord> tasks;
    std::vector<AttemptRecord> attempts;  ///< in the order of tasks and numbers; those that have not ended too
    std::vector<Decision> decisions;
    std::vector<Receipt> receipts;             ///< the latest of its workflow
    std::map<std::string, std::string> known;  ///< by step: what was known of its tasks when the run began, in words
    WallTime asked_at{};                       ///< a run under way is told up to here
};

/// The last lines of what an attempt printed, fit to be shown; "" when there is nothing to read.
using ReadTail = std::function<std::string(const AttemptRecord& attempt)>;

}  // namespace plimsoll::report
