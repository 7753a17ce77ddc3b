// SPDX-License-Identifier: Apache-2.0
// Reads one step, and the forms that paths take in a file: a text, a list, a map of names.
#pragma once

#include "plimsoll/workflow/description.h"
#include "plimsoll/workflow/fields.h"

namespace plimsoll::workflow {

/// `defaults` is what the step's settings start from.
StepDescription read_step(const Entry& entry, const StepDescription& defaults, Reading& reading);

/// What stands under `scatter`.
Scatter read_scatter(const Node& node, Reading& reading);

/// What stands under `split`; nothing, with the problem told, where it does not say what to cut.
std::optional<SplitDescription> read_split(const Node& node, Reading& reading);

}  // namespace plimsoll::workflow
