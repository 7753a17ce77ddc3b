// SPDX-License-Identifier: Apache-2.0
// ReplayedCostForecaster: sizes a task by the nearest history that speaks for it.
//
// | kind     | with the first finished task                                                                  |
// | tool     | its use elsewhere, on inputs of such a size, where it could be told there; of "samtools sort" |
// |          | first that, then whatever samtools did                                                        |
// | workflow | the peak that the workflow's kinds have in common, where they have one and nothing is requested |
// | all      | the same of everything there is                                                               |
// | request  | the user's word, or a fair share of the machine                                               |
//
// The user's word goes before workflow and all: what other programs needed says little about this one.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "plimsoll/forecast/common_peak.h"
#include "plimsoll/forecast/forecaster.h"
#include "plimsoll/forecast/kind_model.h"

namespace plimsoll::forecast {

class ReplayedCostForecaster final : public Forecaster {
public:
    explicit ReplayedCostForecaster(const ForecasterOptions& options = {}, const MixtureConstants& constants = {});
    void learn(const Observation& observation) override;
    void learn_of_tool(const Observation& observation) override;
    void learn_in_passing(const Observation& observation) override;
    void put_off_choices(bool on) override;
    Forecast forecast(const TaskKind& kind, const Features& features, const Terms& terms) const override;
    Bytes retry_memory(const TaskKind& kind, const Features& features, const Terms& terms, Bytes limit,
                       int failed) const override;
    std::optional<RuntimeLine> runtime_line(const TaskKind& kind, const std::string& machine) const override;

    std::string state() override;
    bool restore(std::string_view state) override;

private:
    struct Known {
        const KindModel* model = nullptr;
        Provenance source = Provenance::request;
    };
    /// The nearest model of the task's program that speaks for it; none: model is null.
    Known nearest(const TaskKind& kind, const Features& features) const;
    void size_by_others(Forecast& forecast, const TaskKind& kind, const Features& features, const Terms& terms) const;

    template <class Archive>
    void members(Archive& archive);

    InLine in_line_;
    KindModel::Options of_kinds_, of_tools_;
    Choosing choosing_ = Choosing::when_due;
    std::map<TaskKind, KindModel> kinds_;
    std::map<std::string, KindModel> tools_;
    std::map<std::string, CommonPeak> workflows_;
    CommonPeak all_;
};

/// The tool as it is named, then with ever fewer of its words: "samtools sort", "samtools". Only what names a program.
std::vector<std::string> tool_and_programs(const std::string& tool);

/// Does the name tell one program from another? An interpreter or a shell runs anything.
bool names_a_program(std::string_view tool);

}  // namespace plimsoll::forecast
