// SPDX-License-Identifier: Apache-2.0
// Forecaster: Features and what was learnt -> Forecast. Learns from each finished attempt as it comes;
// deterministic for a given history.
#pragma once

#include <memory>

#include "plimsoll/model/forecast.h"

namespace plimsoll::forecast {

/// How the user's word and the machine bound a forecast.
struct Terms {
    Request request;
    bool may_exceed_request = false;  ///< on a first attempt
    double failure_weight = 1;        ///< F of replayed cost: thrifty 0 ... safe 10
    Cores machine_cpu{1};
    Bytes machine_memory{};
};

class Forecaster {
public:
    virtual ~Forecaster() = default;
    virtual void learn(const Observation& observation) = 0;
    virtual Forecast forecast(const TaskKind& kind, const Features& features, const Terms& terms) const = 0;
    /// What to reserve after an attempt with `failed` ran out of memory at `limit`.
    virtual Bytes retry_memory(const TaskKind& kind, const Features& features, const Terms& terms, Bytes limit, int failed) const = 0;
};

/// The family's table. "replayed-cost": learns; "request": the user's word alone.
std::unique_ptr<Forecaster> make_forecaster(std::string_view name);

}  // namespace plimsoll::forecast
