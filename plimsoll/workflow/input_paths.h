// SPDX-License-Identifier: Apache-2.0
// The inputs of a task: templates filled in, patterns looked up among what the steps make and on disk.
#pragma once

#include <optional>
#include <string>

#include "plimsoll/workflow/expand.h"

namespace plimsoll::workflow {

class InputPaths {
public:
    explicit InputPaths(Expanding& work) : work_(work) {}

    /// The paths of every input group, in one spelling. A pattern stands for the outputs of other steps that
    /// match it, or, where none does, for the files on disk; without `declared` for files on disk only.
    /// Nothing when a problem was told, or when the makers of an input are among steps with problems.
    std::optional<Values> of_task(std::uint32_t step, const Scope& scope, DeclaredFiles* declared);

private:
    bool add(std::uint32_t step, const Template& text, const std::string& path, const Value& of,
             DeclaredFiles* declared, Value& into);
    bool add_declared(std::uint32_t step, const Template& text, const std::string& pattern, DeclaredFiles& declared,
                      Value& into);
    bool add_from_disk(const Template& text, const std::string& pattern, Value& into);
    bool some_outputs_unknown() const;

    Expanding& work_;
    std::size_t so_far_ = 0;
};

/// Where the step's inputs name this path, as well as can be told.
Mark place_of_input(const StepDescription& step, const std::string& path);

}  // namespace plimsoll::workflow
