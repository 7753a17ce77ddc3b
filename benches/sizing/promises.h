// SPDX-License-Identifier: Apache-2.0
// Do stated probabilities hold on real traces, of which nobody says that their tasks are exchangeable?
#pragma once

#include <string>
#include <vector>

#include "benches/sizing/trace.h"
#include "plimsoll/base/result.h"

namespace plimsoll::benches {

/// Bounds of the peak that were stated before tasks began, as the product states them.
struct Promises {
    double probability = 0;  ///< with which they were stated
    int tasks = 0;           ///< that began
    int stated = 0;
    int held = 0;
    double peaks = 0;   ///< bytes, summed over the tasks with a bound
    double bounds = 0;  ///< the same of what was stated
};

/// Protocol P: before each task, what had completed by then has been learnt.
Promises count_promises(const std::vector<TraceTask>& trace, double probability);

constexpr double stated_probabilities[] = {0.8, 0.9, 0.95, 0.99};

/// A table in Markdown: how often they held on each workflow, and how much more than the peak they are.
Result<std::string> table_of_promises(const std::string& folder, const std::vector<std::string>& workflows);

}  // namespace plimsoll::benches
