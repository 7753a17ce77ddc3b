// SPDX-License-Identifier: Apache-2.0
// The values of a Nextflow trace, raw or as written for people. Nothing where the text is none of them.
#pragma once

#include <optional>
#include <string_view>

#include "plimsoll/base/time.h"
#include "plimsoll/base/units.h"

namespace plimsoll::exchange {

/// "31247564" (bytes), "29.8 MB" (binary, as Nextflow counts).
std::optional<Bytes> nextflow_bytes(std::string_view text);
/// "90000" (ms), "1m 30s", "2d 3h", "250ms".
std::optional<Duration> nextflow_duration(std::string_view text);
/// "1719302573000" (ms since 1970), "2026-01-02 03:04:05.678", taken as UTC: a trace does not say which zone.
std::optional<WallTime> nextflow_time(std::string_view text);
/// "119.6", "119.6%"
std::optional<double> nextflow_percent(std::string_view text);

}  // namespace plimsoll::exchange
