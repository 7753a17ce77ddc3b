// SPDX-License-Identifier: Apache-2.0
// The first half of the expansion: the rows of every step's scatter and the outputs of its tasks, in an
// order in which {steps.X.outputs} is known where a scatter or an output names it.
#pragma once

#include <optional>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "plimsoll/workflow/expand.h"
#include "plimsoll/workflow/input_paths.h"

namespace plimsoll::workflow {

class StepOutputs {
public:
    explicit StepOutputs(Expanding& work);

    /// Fills in rows and outputs of the steps that are sound.
    void expand();

    /// What all templates of a step may use.
    Scope scope_of(std::uint32_t step, std::string_view place);

    bool all_known(const std::vector<std::uint32_t>& steps) const;
    InputPaths& inputs() { return inputs_; }

private:
    void tell_cycle(const std::vector<std::uint32_t>& cycle, std::unordered_set<std::uint32_t>& circular);
    bool make_rows(std::uint32_t number);
    bool make_outputs(std::uint32_t number);
    std::optional<Values> outputs_of_task(const StepDescription& described, const Scope& scope,
                                          std::vector<bool>& temporary);
    const StepFiles* files_of(std::string_view name);
    StepFiles gather(std::uint32_t number) const;

    Expanding& work_;
    InputPaths inputs_;
    std::vector<std::string> step_names_;
    std::unordered_map<std::string_view, std::uint32_t> numbers_;
    std::vector<std::optional<StepFiles>> files_;
    std::size_t tasks_so_far_ = 0;
};

}  // namespace plimsoll::workflow
