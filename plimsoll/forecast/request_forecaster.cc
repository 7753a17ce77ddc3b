// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/forecast/request_forecaster.h"

#include "plimsoll/forecast/bounds.h"

namespace plimsoll::forecast {

Forecast RequestForecaster::forecast(const TaskKind&, const Features&, const Terms& terms) const {
    return requested(terms);
}

Bytes RequestForecaster::retry_memory(const TaskKind&, const Features&, const Terms& terms, Bytes limit, int) const {
    return within_machine(limit * 2, terms);
}

}  // namespace plimsoll::forecast
