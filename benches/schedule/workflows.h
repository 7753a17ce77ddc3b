// SPDX-License-Identifier: Apache-2.0
// The suite `workflows`: makespans of the WfInstances graphs on machines scaled to each of them.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "plimsoll/base/result.h"

namespace plimsoll::benches {

struct WorkflowRow {
    std::string dag, machine, policy, sizes;  ///< machine: "half" ...; sizes: "measured", "forecast", "requests"
    std::size_t tasks = 0, nodes = 0;
    double cores = 0;
    double makespan_s = 0, lower_bound_s = 0;
    double cpu_utilisation = 0;  ///< share of the cores x the makespan that tasks used
};

/// The mean over graphs of one makespan by the other of the same graph and machine.
struct WorkflowSummary {
    std::string machine, policy, sizes, against;  ///< against: "fifo_bestfit measured", "heft measured", ...
    std::size_t dags = 0;
    double ratio = 0;
    double low = 0, high = 0;                         ///< 95 % interval of that mean, graphs drawn again with repeats
    double utilisation = 0, utilisation_against = 0;  ///< means of cpu_utilisation
};

struct WorkflowTable {
    std::vector<WorkflowRow> rows;
    std::vector<WorkflowSummary> summary;
};

/// Sizes as measured for all graphs under all policies; forecasts against three times what was measured for the product
/// on the graphs whose memory was measured.
Result<WorkflowTable> run_workflows(const std::string& file, const std::function<void(const std::string&)>& note);

}  // namespace plimsoll::benches
