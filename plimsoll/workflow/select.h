// SPDX-License-Identifier: Apache-2.0
// Choosing some of a workflow's tasks: --only STEP, --failed. Values in, values out.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "plimsoll/base/result.h"
#include "plimsoll/model/task.h"
#include "plimsoll/workflow/file_world.h"

namespace plimsoll::workflow {

using Keep = std::function<bool(const Task&)>;

/// The tasks that `keep` says yes to, renumbered from 0 in the same order. Needs of a dropped task are
/// dropped; temporary outputs that a dropped task reads are kept (temporary = false), for a later run.
std::vector<Task> select(std::vector<Task> tasks, const Keep& keep);

/// The tasks that `keep` says yes to and everything that follows from them: --failed.
std::vector<Task> select_with_dependents(std::vector<Task> tasks, const Keep& keep);

/// The tasks of these steps: --only STEP. invalid: there is no step of that name (with the nearest), or inputs that
/// other steps make are not there yet (with the steps to run first).
Result<std::vector<Task>> only_steps(std::vector<Task> tasks, std::span<const std::string> steps,
                                     const FileWorld& files);

}  // namespace plimsoll::workflow
