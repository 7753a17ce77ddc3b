// SPDX-License-Identifier: Apache-2.0
// Traces of workflows as others measured them: one finished task a row.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "plimsoll/base/result.h"

namespace plimsoll::benches {

struct TraceTask {
    std::string workflow;
    std::string kind;     ///< Nextflow's process
    std::size_t row = 0;  ///< data row of the file, from 0
    double request = 0;   ///< bytes, the user's; 0: none is known
    double input = 0;     ///< bytes: read (rchar), or of the input files where those are known
    double peak = 0;      ///< bytes (peak_rss)
    double rss = 0;       ///< bytes at the end (rss), which protocol S scores
    double runtime_s = 0;
    double start_s = 0, complete_s = 0;
    bool completed = false;
};

/// All rows of trace_NAME.csv.gz, in file order. Columns that may be missing: memory, rchar, rss (of protocol S).
Result<std::vector<TraceTask>> read_trace(const std::string& folder, const std::string& workflow);

/// Those that protocols P, W and X score: completed, with a peak and a runtime.
std::vector<TraceTask> scored(std::vector<TraceTask> tasks);

/// The program of a process, as a command line would name it: "NFCORE:X:SAMTOOLS_SORT" -> "samtools sort".
std::string tool_of(const std::string& process);

}  // namespace plimsoll::benches
