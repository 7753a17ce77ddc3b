// SPDX-License-Identifier: Apache-2.0
// Columns back into nouns: for each a list of what to select, and the function that takes just that from
// a row, left to right. Internal to `history`.
#pragma once

#include <optional>
#include <string_view>

#include "plimsoll/base/result.h"
#include "plimsoll/history/sqlite.h"
#include "plimsoll/model/forecast.h"
#include "plimsoll/model/outcome.h"
#include "plimsoll/model/run.h"

namespace plimsoll::history {

inline constexpr std::string_view kind_columns = "k.workflow, k.step, k.tool";  ///< of kinds k
TaskKind take_kind(Statement& row);

inline constexpr std::string_view request_columns =  ///< of tasks t
    "t.request_cpu, t.request_memory, t.request_time, t.request_disk, t.request_gpu";
Request take_request(Statement& row);

inline constexpr std::string_view reserved_columns =
    "a.reserved_cpu, a.reserved_memory, a.reserved_others";  ///< of attempts a
Result<Resources> take_reserved(Statement& row);

inline constexpr std::string_view shaping_columns =  ///< of attempts a
    "a.grown, a.frozen, a.frozen_time, a.reserved_byte_seconds, a.reserved_core_seconds";
Shaping take_shaping(Statement& row);

inline constexpr std::string_view wait_columns = "a.waited, a.waited_after, a.waited_lack";  ///< of attempts a
std::optional<WaitRecord> take_wait(Statement& row);

inline constexpr std::string_view outcome_columns = "a.ending, a.code, a.detail";  ///< of attempts a
Result<std::optional<Outcome>> take_outcome(Statement& row);

inline constexpr std::string_view feature_columns =  ///< of features f
    "f.input_bytes, f.input_count, (SELECT text FROM texts WHERE id = f.machine), f.numbers";
Result<Features> take_features(Statement& row);

inline constexpr std::string_view profile_columns =  ///< of profiles p
    "p.runtime, p.cpu, p.cpu_peak, p.memory_peak, p.memory_high_water, p.memory_byte_seconds, p.read_bytes, "
    "p.write_bytes, p.read_operations, p.write_operations, p.network_in, p.network_out, p.memory_stall, p.cpu_stall, "
    "p.io_stall, p.processes_peak, p.threads_peak, p.samples, (SELECT text FROM texts WHERE id = p.source), "
    "p.segments";
Result<Profile> take_profile(Statement& row);

inline constexpr std::string_view forecast_columns =  ///< of forecasts c
    "c.memory_p50, c.memory_bound, c.memory_stated, c.memory_measured, c.cpu_p50, c.cpu_bound, c.cpu_stated, "
    "c.cpu_measured,"
    " c.runtime_p50, c.runtime_bound, c.runtime_stated, c.runtime_measured, ifnull(c.source, 'request'),"
    " (SELECT text FROM texts WHERE id = c.model), c.samples, c.curve";
Result<Forecast> take_forecast(Statement& row);

}  // namespace plimsoll::history
