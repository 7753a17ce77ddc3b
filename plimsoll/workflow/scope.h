// SPDX-License-Identifier: Apache-2.0
// Scope: which names a template may use at its place in the file, and what they stand for.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "plimsoll/base/result.h"
#include "plimsoll/model/task.h"
#include "plimsoll/workflow/template.h"
#include "plimsoll/workflow/value.h"

namespace plimsoll::workflow {

/// The outputs of all tasks of a step.
struct StepFiles {
    Values groups;  ///< by the names under the step's `outputs`
    Value all;
};

/// What is absent is not known at the template's place; the rest of the program owns all of it.
struct Scope {
    const Globals* globals = nullptr;                                   ///< parameters and the workflow's inputs
    const Values* row = nullptr;                                        ///< scatter variables
    const Values* inputs = nullptr;                                     ///< {input...}; the unnamed group is ""
    const Values* outputs = nullptr;                                    ///< {output...}
    std::function<const StepFiles*(std::string_view step)> steps = {};  ///< {steps.X.outputs...}
    bool has_allotment = false;                                         ///< {cpu}, {memory}
    std::string_view absolute_folder = {};  ///< not empty: paths in commands are told from the root
    std::span<const std::string> secrets = {};
    std::span<const std::string> step_names = {};  ///< for suggestions
    std::string_view place = "here";               ///< "in a command", for messages
    bool shared_by_tasks = false;                  ///< for what all tasks of a step have in common
};

/// What a placeholder stands for: one part of every word of some values.
struct Resolved {
    std::vector<const Value*> values;
    Part part = Part::whole;

    bool is_list() const { return values.size() != 1 || values.front()->is_list; }
    std::size_t word_count() const;
};

/// Error: the reason and the remedy, without the place.
Result<Resolved> resolve(const Placeholder& placeholder, const Scope& scope);

/// {cpu}, {memory}, {memory.mib}, {memory.gib}: filled in when the task starts.
std::optional<Command::Allotted> allotted(const Placeholder& placeholder);

/// Names that parameters, inputs and scatter variables cannot have.
bool is_reserved(std::string_view name);

}  // namespace plimsoll::workflow
