// SPDX-License-Identifier: Apache-2.0
// Time as values. An Instant is a reading of a Clock that never jumps; WallTime is what people and
// logs mean by time, and may jump. Only base/clock.cc reads real clocks.
#pragma once

#include <chrono>
#include <string>

namespace plimsoll {

using Duration = std::chrono::nanoseconds;

/// The time line that a Clock counts on; carries no now(), so that nobody can ask it behind the Clock's back.
struct MonotonicTimeline {
    using rep = Duration::rep;
    using period = Duration::period;
    using duration = Duration;
};
using Instant = std::chrono::time_point<MonotonicTimeline, Duration>;
using WallTime = std::chrono::sys_time<Duration>;

constexpr double seconds(Duration span) { return std::chrono::duration<double>(span).count(); }
/// The span of so many seconds, saturating at about 146 years so that arithmetic on it cannot overflow.
Duration from_seconds(double count);

/// RFC 3339 in UTC with milliseconds: "2026-11-21T04:47:42.123Z".
std::string rfc3339(WallTime time);

}  // namespace plimsoll
