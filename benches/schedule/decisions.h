// SPDX-License-Identifier: Apache-2.0
// The suite `decisions`: what one start costs the product on a large, loaded cluster with many queues.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace plimsoll::benches {

struct DecisionLoad {
    std::size_t nodes = 0, queues = 0;
    std::size_t decisions = 0;  ///< to measure
    /// Each queue has more waiting than there is room for; otherwise nine tenths of the cores are held, a task ends,
    /// another arrives in any of the queues, and is placed.
    bool backlog = false;
};

/// CPU time of this process. A decision is a start: what a plan costs is shared by its starts.
struct DecisionRow {
    bool backlog = false;
    std::size_t nodes = 0, queues = 0, resources = 0, decisions = 0;
    double p50_us = 0, p99_us = 0, p999_us = 0;
    double per_s = 0;
    double reserve_us = 0;  ///< mean of one more reservation in a calendar of 10,000
};

DecisionRow measure_decisions(const DecisionLoad& load);

/// 100 to 100,000 nodes with 1,000 queues, and 1 to 10,000 queues on 10,000 nodes; with a backlog 100 to 10,000 nodes.
std::vector<DecisionRow> run_decisions(const std::function<void(const std::string&)>& note);

}  // namespace plimsoll::benches
