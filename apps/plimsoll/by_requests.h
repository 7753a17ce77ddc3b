// SPDX-License-Identifier: Apache-2.0
// What a run would have taken with its author's own requests, by simulation: the proof of what was saved.
#pragma once

#include <string>
#include <vector>

#include "plimsoll/loop/summary.h"
#include "plimsoll/model/receipt.h"
#include "plimsoll/model/run.h"

namespace plimsoll::cli {

/// "by its own requests, simulated: 57.0 s instead of 45.0 s; ..." with the line's end. Nothing where the run did not
/// finish, where a step has no request of memory or cores, or where playing it again would take long.
std::string by_requests_text(const RunRecord& run, const loop::Summary& summary,
                             const std::vector<AttemptRecord>& attempts, const std::vector<Receipt>& receipts);

}  // namespace plimsoll::cli
