// SPDX-License-Identifier: Apache-2.0
// The suites of `plimsoll-bench schedule`: a protocol and files in, rows out.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "benches/schedule/own_batch.h"
#include "plimsoll/base/result.h"

namespace plimsoll::benches {

/// Told while a suite runs: "openb default: fgd".
using Note = std::function<void(const std::string&)>;

struct BatchRow {
    std::string mode, trace, policy;
    bool backfill = false;
    double bounded_slowdown = 0;  ///< mean over the windows
};

/// The product against a rival under EASY backfilling.
struct BatchComparison {
    std::string trace, windows, rival;  ///< windows: "published" or "drawn"
    PairedDifference difference;
};
struct BatchTable {
    std::vector<BatchRow> rows;
    std::vector<BatchComparison> comparisons;
};

/// Each file under all modes and orders, without and with backfilling, over the published windows; the product's own as
/// mode "own"; and the product against EASY-F1, -WFP3 and -UNICEP, over windows drawn from the whole trace too. Errors:
/// a file that is not there or no SWF, too few jobs for the windows, no size of the machine, a job that is larger.
Result<BatchTable> run_rlscheduler(std::span<const std::string> files, const Note& note);

struct GpuRow {
    std::string workload, policy;
    std::uint64_t seed = 0;
    double load = 0, gpu_allocated = 0;  ///< shares of the capacity
};

/// Each workload of the folder under all policies, with the published seeds.
Result<std::vector<GpuRow>> run_openb(const std::string& folder, const Note& note);

}  // namespace plimsoll::benches
