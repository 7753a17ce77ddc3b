// SPDX-License-Identifier: Apache-2.0
// What a protocol counts.
#pragma once

#include <cstddef>
#include <vector>

#include "plimsoll/base/clock.h"

namespace plimsoll::benches {

constexpr double byte_seconds_per_gbh = 1e9 * 3600;

struct Score {
    double tasks = 0;      ///< the counts are means where a protocol is repeated
    double over_gbh = 0;   ///< held and not used by attempts that succeeded
    double under_gbh = 0;  ///< held by attempts that failed
    double cold_gbh = 0;   ///< of both, by tasks whose kind had no finished instance
    double failed_attempts = 0;
    double failed_tasks = 0;
    double growths = 0;
    double stalled_s = 0;
    std::size_t promised = 0, kept = 0;  ///< tasks with a promised peak, and those that stayed under it
    double spread_gbh = 0;               ///< standard deviation over repeats of the wastage
    std::vector<double> forecast_us;
    std::vector<double> learn_us;
    double wastage_gbh() const { return over_gbh + under_gbh; }
};

/// The mean of repeats.
Score mean_of(const std::vector<Score>& repeats);

/// Runs it and notes how long it took.
template <class Work>
auto timed(const Clock& clock, std::vector<double>& microseconds, Work work) {
    const Instant before = clock.now();
    if constexpr (std::is_void_v<decltype(work())>) {
        work();
        microseconds.push_back(seconds(clock.now() - before) * 1e6);
    } else {
        auto result = work();
        microseconds.push_back(seconds(clock.now() - before) * 1e6);
        return result;
    }
}

}  // namespace plimsoll::benches
