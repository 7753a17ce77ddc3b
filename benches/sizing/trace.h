// SPDX-License-Identifier: Apache-2.0
// Traces of workflows as others measured them: one finished task a row.
#pragma once

#include <string>
#include <vector>

#include "plimsoll/base/result.h"

namespace plimsoll::benches {

struct TraceTask {
    std::string kind;    ///< Nextflow's process
    double request = 0;  ///< bytes, the user's
    double input = 0;    ///< bytes read (rchar)
    double peak = 0;     ///< bytes (peak_rss)
    double rss = 0;      ///< bytes at the end (rss), which protocol S scores
    double runtime_s = 0;
    double start_s = 0, complete_s = 0;
    bool completed = false;
};

/// All rows of trace_NAME.csv.gz, in file order.
Result<std::vector<TraceTask>> read_trace(const std::string& folder, const std::string& workflow);

}  // namespace plimsoll::benches
