// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/forecast/curve_run.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace plimsoll::forecast {
namespace {

constexpr float most = std::numeric_limits<std::uint16_t>::max();
constexpr float cores_unit = 1024;  ///< 64 times the mean is the most that is kept

std::uint16_t whole(float value) { return static_cast<std::uint16_t>(std::clamp(value, 0.0F, most)); }

}  // namespace

KeptRun kept(const CurveRun& run) {
    KeptRun kept{.x = run.x, .runtime_s = run.runtime_s, .peak = run.peak};
    for (std::size_t at = 0; at < curve_cells; ++at) {
        kept.memory[at] = whole(std::ceil(run.memory[at] * most));
        kept.cores[at] = whole(std::round(run.cores[at] * cores_unit));
    }
    return kept;
}

CurveRun unpacked(const KeptRun& run) {
    CurveRun whole{.x = run.x, .runtime_s = run.runtime_s, .peak = run.peak};
    for (std::size_t at = 0; at < curve_cells; ++at) {
        whole.memory[at] = static_cast<float>(run.memory[at]) / most;
        whole.cores[at] = static_cast<float>(run.cores[at]) / cores_unit;
    }
    return whole;
}

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
