// SPDX-License-Identifier: Apache-2.0
// RequestForecaster: the user's word alone; what everything else is compared with.
#pragma once

#include "plimsoll/forecast/forecaster.h"

namespace plimsoll::forecast {

class RequestForecaster final : public Forecaster {
public:
    void learn(const Observation&) override {}
    void learn_of_tool(const Observation&) override {}
    void learn_in_passing(const Observation&) override {}
    void put_off_choices(bool) override {}
    Forecast forecast(const TaskKind& kind, const Features& features, const Terms& terms) const override;
    Bytes retry_memory(const TaskKind& kind, const Features& features, const Terms& terms, Bytes limit,
                       int failed) const override;
    std::string state() override { return {}; }
    bool restore(std::string_view state) override { return state.empty(); }
};

}  // namespace plimsoll::forecast
