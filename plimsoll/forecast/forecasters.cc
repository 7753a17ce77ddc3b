// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/forecast/forecaster.h"
#include "plimsoll/forecast/replayed_cost_forecaster.h"
#include "plimsoll/forecast/request_forecaster.h"

namespace plimsoll::forecast {

std::unique_ptr<Forecaster> make_forecaster(std::string_view name, const ForecasterOptions& options) {
    if (name == "replayed-cost") return std::make_unique<ReplayedCostForecaster>(options);
    if (name == "request") return std::make_unique<RequestForecaster>();
    return nullptr;
}

}  // namespace plimsoll::forecast
