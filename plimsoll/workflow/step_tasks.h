// SPDX-License-Identifier: Apache-2.0
// The second half of the expansion: inputs and commands of every task.
#pragma once

#include <string_view>

#include "plimsoll/workflow/expand.h"
#include "plimsoll/workflow/step_outputs.h"

namespace plimsoll::workflow {

/// How commands that need a shell are run where the file does not choose one: a failure anywhere in a pipe
/// fails the task, and so does a variable that is not set.
inline constexpr std::string_view default_shell = "bash -euo pipefail -c";

class StepTasks {
public:
    StepTasks(Expanding& work, StepOutputs& outputs) : work_(work), outputs_(outputs) {}

    /// Fills in the tasks of the steps whose outputs, and those of the steps they name, are known.
    void expand();

private:
    bool make_tasks(std::uint32_t number);
    void check_command(std::uint32_t number);
    void finish_step(std::uint32_t number, const Command& command);
    bool fits_a_command_line(const StepDescription& described, const Command& command);
    void fill(Task& task, const ExpandedStep& step, std::size_t row, Values inputs);

    Expanding& work_;
    StepOutputs& outputs_;
};

}  // namespace plimsoll::workflow
