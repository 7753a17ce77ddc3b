// SPDX-License-Identifier: Apache-2.0
// What tests of forecasters teach and ask.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "plimsoll/forecast/forecaster.h"

namespace plimsoll::forecast {

inline const TaskKind align{.workflow = "variants", .step = "align", .tool = "bwa mem"};

inline Features input(Bytes bytes, std::string machine = "here") {
    return {.input_bytes = bytes, .input_count = 1, .numbers = {}, .machine = std::move(machine)};
}

/// Finished.
inline Observation ran(const TaskKind& kind, Bytes in, Bytes peak, Duration runtime = std::chrono::seconds(10),
                       Duration cpu = std::chrono::seconds(10)) {
    Observation seen;
    seen.kind = kind;
    seen.features = input(in);
    seen.profile.memory_peak = peak;
    seen.profile.runtime = runtime;
    seen.profile.cpu = cpu;
    return seen;
}

/// Out of memory.
inline Observation killed(Bytes in, Bytes limit) {
    Observation seen = ran(align, in, limit);
    seen.ending = Ending::out_of_memory;
    seen.reserved_memory = limit;
    return seen;
}

inline Terms terms(std::optional<Bytes> memory = {}) {
    Terms terms;
    terms.request.memory = memory;
    terms.machine_cpu = 4_cores;
    terms.machine_memory = 16_GiB;
    return terms;
}

inline Bytes bound(const Forecast& forecast) { return {static_cast<std::int64_t>(forecast.memory.bound)}; }

inline std::unique_ptr<Forecaster> learner() { return make_forecaster("replayed-cost"); }

}  // namespace plimsoll::forecast
