// SPDX-License-Identifier: Apache-2.0
// Jobs of known sizes in the order in which they came, each on the node that it fills best: a replay in which nothing
// is forecast, shaped or recorded, for traces of millions of jobs. An event is a job that comes or one that ends; where
// it goes `schedule` says (free_nodes.h). The full loop, at its price, is simulated_run.h.
//
// Strict: as long as the first in line does not fit, nobody starts. Nothing is allocated once the jobs are there.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "plimsoll/base/result.h"
#include "plimsoll/model/plan.h"

namespace plimsoll::simulate {

struct ReplayedJob {
    Instant arrives{};
    Duration runtime{};
    std::uint32_t need = 0;  ///< its place among the needs
};

struct Placed {
    Instant start{};
    NodeId node = 0;
};

struct Replay {
    std::vector<Placed> placed;  ///< of each job
    std::uint64_t events = 0;
    Instant end{};
    double mean_wait_s = 0;
};

/// `jobs` by their arrival. An error names the job that fits on no node.
Result<Replay> replay_fifo(std::span<const ReplayedJob> jobs, std::span<const Resources> needs,
                           std::span<const Resources> nodes);

}  // namespace plimsoll::simulate
