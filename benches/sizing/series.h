// SPDX-License-Identifier: Apache-2.0
// Task instances with their memory over time (kseg_instances_NAME, kseg_series_NAME).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "benches/sizing/trace.h"
#include "plimsoll/base/result.h"

namespace plimsoll::benches {

constexpr double sample_s = 2;  ///< each sample of a series counts so long

struct SeriesTask {
    std::int64_t id = 0;
    std::string kind;
    double input = 0;            ///< bytes of the input files
    double request = 0;          ///< bytes
    std::vector<double> memory;  ///< bytes, one per sample
    double peak() const;
    double runtime_s() const { return sample_s * static_cast<double>(memory.size()); }
};

/// The instances as protocol K replays them; those without samples are left out.
Result<std::vector<TraceTask>> read_instances(const std::string& folder, const std::string& workflow);

/// The instances with their series, of kinds with at least 16 of more than 60 samples.
Result<std::vector<SeriesTask>> read_series(const std::string& folder, const std::string& workflow);

}  // namespace plimsoll::benches
