// SPDX-License-Identifier: Apache-2.0
// ReplayedCostForecaster: sizes a task by its kind's history; where that is empty, by its tool's history in
// other workflows; else by the user's word. There is no step below the tool: what other programs of the
// workflow, or all programs, needed says nothing about the memory of one that was never seen.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "plimsoll/forecast/forecaster.h"
#include "plimsoll/forecast/kind_model.h"

namespace plimsoll::forecast {

class ReplayedCostForecaster final : public Forecaster {
public:
    void learn(const Observation& observation) override;
    Forecast forecast(const TaskKind& kind, const Features& features, const Terms& terms) const override;
    Bytes retry_memory(const TaskKind& kind, const Features& features, const Terms& terms, Bytes limit,
                       int failed) const override;

private:
    struct Known {
        const KindModel* model = nullptr;
        Provenance source = Provenance::request;
    };
    /// The nearest model that has seen an instance; none: model is null.
    Known nearest(const TaskKind& kind) const;

    std::map<TaskKind, KindModel> kinds_;
    std::map<std::string, KindModel> tools_;
};

/// Does the name tell one program from another? An interpreter or a shell runs anything.
bool names_a_program(std::string_view tool);

}  // namespace plimsoll::forecast
