// SPDX-License-Identifier: Apache-2.0
// Description -> tasks: scatter, outputs, inputs and commands filled in. Needs are not yet known (link.h).
//
// Outputs come first, for all steps (step_outputs.h), because the inputs of one (step_tasks.h) may name or
// match the outputs of any other; so no step need stand after those it reads from.
#pragma once

#include <deque>
#include <string_view>
#include <vector>

#include "plimsoll/model/split.h"
#include "plimsoll/model/task.h"
#include "plimsoll/workflow/declared_files.h"
#include "plimsoll/workflow/description.h"
#include "plimsoll/workflow/file_world.h"
#include "plimsoll/workflow/problem.h"
#include "plimsoll/workflow/scope.h"

namespace plimsoll::workflow {

/// What a step becomes.
struct ExpandedStep {
    std::vector<Values> rows;                  ///< scatter values, one row a task
    std::vector<Values> outputs;               ///< paths by group, one row a task
    std::vector<std::vector<bool>> temporary;  ///< for each output of each task; empty where none is
    TaskId first_task = 0;
    bool has_outputs = false;  ///< are rows and outputs known? Not when a problem was told about them
    bool has_tasks = false;    ///< likewise inputs and commands
};

struct Expansion {
    std::vector<ExpandedStep> steps;  ///< in the order of the file
    std::vector<Task> tasks;          ///< step after step, row after row; ids count up, needs are empty
    DeclaredFiles declared;           ///< looks into `steps`
    bool all_known = true;            ///< false: some step has no tasks, so a missing maker proves nothing
};

struct ExpandOptions {
    std::string_view folder;  ///< absolute
    const FileWorld& files;
    bool inputs_must_exist = true;
    std::size_t tasks_max = 0;
};

/// What the parts of the expansion work on together.
struct Expanding {
    const Description& description;
    const Globals& globals;
    const ExpandOptions& options;
    std::deque<Step>& steps;    ///< that tasks point into, in the order of the description's
    std::deque<Split>& splits;  ///< likewise, in no order
    Problems& problems;
    Expansion& result;
};

/// What tasks point into.
struct StepsAndSplits {
    std::deque<Step>& steps;
    std::deque<Split>& splits;
};

/// Fills in the tasks, and of the steps what comes from the commands: shell, uses_cpu_slot, kind.tool.
/// Unsound steps get no tasks.
Expansion expand(const Description& description, const Globals& globals, StepsAndSplits into,
                 const ExpandOptions& options, Problems& problems);

}  // namespace plimsoll::workflow
