// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/base/time.h"

#include <time.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace plimsoll {

Duration from_seconds(double count) {
    constexpr double most = 4.6e9;  // half of what 64-bit nanoseconds hold, so that two of them still add up
    if (std::isnan(count)) return Duration::zero();
    return Duration(std::llround(std::clamp(count, -most, most) * 1e9));
}

std::string rfc3339(WallTime time) {
    const auto whole = std::chrono::floor<std::chrono::seconds>(time);
    const auto millis = std::chrono::duration_cast<std::chrono::milliseconds>(time - whole).count();
    const time_t stamp = whole.time_since_epoch().count();
    tm parts{};
    gmtime_r(&stamp, &parts);
    char text[64];
    std::snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", parts.tm_year + 1900, parts.tm_mon + 1,
                  parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec, static_cast<int>(millis));
    return text;
}

}  // namespace plimsoll
