// SPDX-License-Identifier: Apache-2.0
// Names for tasks: "align[s1]", "sweep[s1,0.5]". Short, unique within the step, and the same tomorrow:
// history finds a task's receipt by its name.
#pragma once

#include <string>
#include <vector>

#include "plimsoll/workflow/value.h"

namespace plimsoll::workflow {

/// One name for each row of scatter values. A path goes by its stem unless another value of the same
/// variable has it, too. Equal rows get equal names; nothing else does.
std::vector<std::string> task_names(const std::string& step, const std::vector<Values>& rows);

}  // namespace plimsoll::workflow
