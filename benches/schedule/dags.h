// SPDX-License-Identifier: Apache-2.0
// The WfInstances graphs as work for a cluster that is short of cores and memory.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "plimsoll/base/result.h"
#include "plimsoll/schedule/dry_run.h"

namespace plimsoll::benches {

struct Dag {
    std::string name;                      ///< "pegasus/montage/montage-chameleon-2mass-01d-001"
    std::vector<schedule::DryTask> tasks;  ///< amounts: cores and the memory that was measured
    std::vector<Bytes> forecast;           ///< the memory to reserve for each; empty unless all was measured
    double longest_path_s = 0;
    double cpu_s = 0;      ///< core seconds of all tasks
    double memory_bs = 0;  ///< byte seconds
    Bytes largest{};
};

/// What was not recorded: one core, 2 GiB. Memory is forecast by the product's forecaster from the files of the same
/// application before it in the table; it knows a request of three times the peak until it has learnt better. A task
/// that needs more than its forecast is grown while it runs, and counts with its peak.
Result<std::vector<Dag>> read_dags(const std::string& file);

/// Cores in proportion to how many the graph keeps busy on average if nothing is short (its work by its longest path),
/// in nodes of at most 8; per core twice the memory that its tasks hold on average, and room for the largest on each
/// node.
std::vector<Node> machine_for(const Dag& dag, double share);

/// Three times what was measured, as careful users ask, or all there is on a node.
std::vector<schedule::DryTask> with_requests(const Dag& dag, const std::vector<Node>& nodes);
std::vector<schedule::DryTask> with_forecasts(const Dag& dag, const std::vector<Node>& nodes);

}  // namespace plimsoll::benches
