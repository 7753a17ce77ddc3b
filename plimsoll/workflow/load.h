// SPDX-License-Identifier: Apache-2.0
// From a workflow file to the tasks of a run: read, described, expanded, linked by files, checked and put
// in order. The language itself: docs/reference/workflow.md.
//
//     YAML text -> Node -> Description -> tasks with paths and commands -> needs -> order
//      yaml.h      node.h  description.h   expand.h                        link.h   order.h
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "plimsoll/base/result.h"
#include "plimsoll/model/resources.h"
#include "plimsoll/model/split.h"
#include "plimsoll/model/task.h"
#include "plimsoll/workflow/file_world.h"
#include "plimsoll/workflow/problem.h"

namespace plimsoll::workflow {

/// What tasks point into. Moves (the steps stay where they are), does not copy.
struct Workflow {
    std::string name;
    std::string file;          ///< as the user named it
    std::string folder;        ///< absolute; where relative paths start and commands run
    std::deque<Step> steps;    ///< in the order of the file
    std::deque<Split> splits;  ///< of the tasks that may be split

    Workflow() = default;
    Workflow(Workflow&&) noexcept = default;
    Workflow& operator=(Workflow&&) noexcept = default;
};

struct LoadOptions {
    std::vector<std::string> overrides;  ///< "depth=50": replaces a parameter or an input of that name
    std::optional<Resources> machine;    ///< what a run can hold at the most; requests above it are problems
    std::optional<FileWorld> files;      ///< absent: the disk
    bool inputs_must_exist = true;       ///< false for a drawing of the graph
    std::size_t tasks_max = 2'000'000;   ///< more is taken for a mistake in the file
};

struct Loaded {
    Workflow workflow;
    std::vector<Task> tasks;        ///< ids 0 ... n-1; what a task needs has lower ids; fit for a FixedSource
    std::vector<Problem> problems;  ///< when not empty, do not use the rest: tell all of them, exit 2
    std::vector<Problem> warnings;  ///< legal, but perhaps not meant
};

/// Loads a workflow file. The error is only for a file that cannot be read (not_found, unavailable);
/// everything wrong in it is in `problems`.
Result<Loaded> load_workflow(const std::string& path, const LoadOptions& options = {});

/// The same for a text: `file` is its name in messages, `folder` where its paths start (absolute).
Loaded load_workflow_text(std::string_view text, std::string file, std::string folder, const LoadOptions& options = {});

}  // namespace plimsoll::workflow
