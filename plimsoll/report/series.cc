// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/report/series.h"

#include <algorithm>

namespace plimsoll::report {

Series empty_series(Duration run, std::size_t points) {
    const Duration least = std::chrono::microseconds(1);
    const auto count = static_cast<Duration::rep>(points);
    // Rounded up, so that the end of the run lies within the last point.
    const Duration step = std::max(least, Duration((run.count() + count - 1) / count));
    return {.step = step, .memory = std::vector<double>(points), .cpu = std::vector<double>(points)};
}

void add(Series& series, const Stretch& stretch) {
    const auto [from, until] = stretch.span;
    if (until <= from || from < Duration{}) return;
    const auto first = static_cast<std::size_t>(from / series.step);
    for (std::size_t at = first; at < series.memory.size(); ++at) {
        const Duration begin = series.step * static_cast<Duration::rep>(at);
        if (begin >= until) break;
        const Duration covered = std::min(until, begin + series.step) - std::max(from, begin);
        const double share = seconds(covered) / seconds(series.step);
        series.memory[at] += stretch.memory * share;
        series.cpu[at] += stretch.cpu * share;
    }
}

void add(Series& series, std::span<const Stretch> stretches) {
    for (const Stretch& stretch : stretches) add(series, stretch);
}

}  // namespace plimsoll::report
