// SPDX-License-Identifier: Apache-2.0
// A workflow file as the commands want it: loaded, with every problem told, and cut down to what was asked.
#pragma once

#include <set>
#include <span>
#include <string>
#include <vector>

#include "plimsoll/history/database.h"
#include "plimsoll/model/resources.h"
#include "plimsoll/workflow/load.h"

namespace plimsoll::cli {

/// The error's message holds all problems, a line each.
Result<workflow::Loaded> load(const std::string& file, const std::vector<std::string>& set, const Resources& machine,
                              bool inputs_must_exist = true);

/// Every secret of the steps `only` (empty: of all steps) is set in the environment; the error names those that are
/// not.
Result<void> secrets_are_set(const workflow::Workflow& workflow, std::span<const std::string> only);

struct FailedBefore {
    RunId run;
    std::set<std::string> tasks;
};
/// The tasks that failed, or were not reached, in the last run of this workflow in this folder.
Result<FailedBefore> failed_before(const history::Database& history, const workflow::Workflow& workflow);

}  // namespace plimsoll::cli
