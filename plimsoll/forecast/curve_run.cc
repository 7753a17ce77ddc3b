// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/forecast/curve_run.h"

#include <algorithm>

namespace plimsoll::forecast {

std::optional<CurveRun> curve_run(double x, const Profile& profile) {
    const double runtime_s = seconds(profile.runtime);
    if (profile.segments.empty() || runtime_s <= 0 || profile.memory_peak.count <= 0) return std::nullopt;
    CurveRun run{.x = x, .runtime_s = runtime_s, .peak = static_cast<double>(profile.memory_peak.count)};
    const double mean_cores = seconds(profile.cpu) / runtime_s;
    double from = 0;
    for (const Segment& segment : profile.segments) {
        const double until = std::min(seconds(segment.until) / runtime_s, 1.0) * curve_cells;
        const auto memory = static_cast<float>(static_cast<double>(segment.memory.count) / run.peak);
        const double cores = mean_cores > 0 ? segment.cpu.count / mean_cores : 1;
        for (auto at = static_cast<std::size_t>(from); at < curve_cells && static_cast<double>(at) < until; ++at) {
            const auto start = static_cast<double>(at);
            run.memory[at] = std::max(run.memory[at], memory);
            run.cores[at] += static_cast<float>(cores * (std::min(until, start + 1) - std::max(from, start)));
        }
        from = until;
    }
    return run;
}

}  // namespace plimsoll::forecast
