// SPDX-License-Identifier: Apache-2.0
// The simulator's speed: jobs in order with the sizes of a trace, and the full loop with forecasts, learning and
// shaping.
#pragma once

#include <cstdint>
#include <string>

#include "plimsoll/base/result.h"

namespace plimsoll::benches {

struct SpeedRow {
    std::string mode;  ///< "fifo" or "loop"
    std::uint64_t tasks = 0, nodes = 0;
    std::uint64_t events = 0;             ///< tasks that came and tasks that ended
    double cpu_s = 0;                     ///< user and system time
    double mean_wait_s = 0;               ///< simulated
    std::uint64_t memory_peak_bytes = 0;  ///< of the process so far
};

/// Jobs of 1 to 16 of a node's 64 cores and up to a quarter of its memory, for up to ten minutes, so many at once that
/// they ask for `load` of all cores.
Result<SpeedRow> fifo_speed(std::uint64_t tasks, std::uint64_t nodes, double load, std::uint64_t seed);
/// The jobs of an SWF file on one machine of its size.
Result<SpeedRow> trace_speed(const std::string& file);
/// Samples of three steps each and a gather, all there from the start: learnt from, sized and shaped as they end.
Result<SpeedRow> loop_speed(std::uint64_t tasks, std::uint64_t nodes);

}  // namespace plimsoll::benches
