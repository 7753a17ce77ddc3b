// SPDX-License-Identifier: Apache-2.0
// SWF, the standard workload format of the Parallel Workloads Archive: a job a line in 18 numbers, what is not known
// is -1; comments begin with ';' and may name the size of the machine.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "plimsoll/base/result.h"
#include "plimsoll/exchange/pieces.h"

namespace plimsoll::simulate {

/// As the file says it: -1 is not known.
struct SwfJob {
    std::int64_t id = 0;
    double submit_s = 0;  ///< from the start of the log
    double wait_s = -1;
    double run_s = -1;
    double allocated = -1;   ///< processors
    double memory_kib = -1;  ///< per processor
    double requested = -1;   ///< processors
    double requested_s = -1;
    double requested_memory_kib = -1;  ///< per processor
    int status = -1;                   ///< 1: completed, 0: failed, 5: cancelled
    std::int64_t user = -1;
    std::int64_t queue = -1;
    std::int64_t preceding = -1;  ///< the job that had to end before this one was submitted
    bool operator==(const SwfJob&) const = default;
};

struct SwfTrace {
    std::optional<double> processors;  ///< MaxProcs, else MaxNodes, of the comments
    std::vector<SwfJob> jobs;          ///< in the order of the file
};

/// Errors name line and column.
Result<SwfTrace> read_swf(exchange::Lines& lines);
/// Plain or gzipped.
Result<SwfTrace> read_swf(const std::string& path);

}  // namespace plimsoll::simulate
