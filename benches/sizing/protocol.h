// SPDX-License-Identifier: Apache-2.0
// Protocol P: a workflow's trace replayed in causal order from nothing known. Before a task starts,
// exactly the tasks that completed by then have been learnt. README.md beside this says the rest.
#pragma once

#include <vector>

#include "benches/sizing/method.h"
#include "plimsoll/base/clock.h"

namespace plimsoll::benches {

struct Score {
    std::size_t tasks = 0;
    double over_gbh = 0;   ///< held and not used by attempts that succeeded
    double under_gbh = 0;  ///< held by attempts that failed
    double cold_gbh = 0;   ///< of both, by tasks whose kind had no finished instance
    int failed_attempts = 0;
    int failed_tasks = 0;
    std::vector<double> forecast_us;
    std::vector<double> learn_us;
    double wastage_gbh() const { return over_gbh + under_gbh; }
};

/// `clock` times forecasts and learning.
Score replay_cold(const std::vector<TraceTask>& trace, Method& method, const MethodOptions& options,
                  const Clock& clock);

}  // namespace plimsoll::benches
