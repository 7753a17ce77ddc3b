// SPDX-License-Identifier: Apache-2.0
// What it costs to know a long history: learning it, forecasting from it, having it in memory, and starting a run on
// it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "plimsoll/base/clock.h"
#include "plimsoll/base/result.h"

namespace plimsoll::benches {

struct PastSize {
    std::int64_t attempts = 1'000'000;
    std::int64_t kinds = 2000;           ///< of 100 commands of 20 programs
    std::int64_t start_kinds = 50;       ///< of one workflow; what a run is asked for
    std::int64_t attempts_since = 1000;  ///< further ones that came since models were kept
};

struct ModelsCost {
    double learn_us = 0;  ///< a finished attempt, of all
    std::vector<double> forecast_us;
    double models_mb = 0;  ///< of all kinds, once all is learnt
    double history_mb = 0;
    double start_anew_s = 0;  ///< from the history alone, opening it included
    double start_kept_s = 0;  ///< from the models that it keeps, and what came since
    double kept_mb = 0;
};

/// `folder`: for the history, which takes some 600 bytes an attempt. Times are of `cpu`.
Result<ModelsCost> cost_of_models(const PastSize& past, const std::string& folder, const Clock& cpu);

}  // namespace plimsoll::benches
