// SPDX-License-Identifier: Apache-2.0
// Which steps a step names by {steps.X...}, and how a circle of steps is told.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "plimsoll/workflow/description.h"

namespace plimsoll::workflow {

/// Steps that must be known before this one's outputs are: those its scatter and its outputs name, and
/// its inputs, too, where its outputs are made from {input}.
std::vector<std::vector<std::uint32_t>> references_for_outputs(const std::vector<StepDescription>& steps);
/// Steps that any of its templates name.
std::vector<std::vector<std::uint32_t>> references(const std::vector<StepDescription>& steps);

/// Are the step's outputs made from {input}?
bool outputs_use_inputs(const StepDescription& step);

/// "a -> b -> c -> a", each needed by the next; neighbours of one name are told once.
std::string draw_cycle(std::vector<std::string> names);

}  // namespace plimsoll::workflow
