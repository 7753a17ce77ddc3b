// SPDX-License-Identifier: Apache-2.0
// `split` of a step -> a Split for each of its tasks: the command of a part with marks for what differs from part
// to part, where the parts' files lie, and how what they make is joined.
#pragma once

#include <optional>

#include "plimsoll/model/split.h"
#include "plimsoll/workflow/expand.h"

namespace plimsoll::workflow {

/// What the whole task was filled in with.
struct FilledIn {
    Scope scope;  ///< of its command
    const Values& inputs;
    const Values& outputs;
};

class TaskSplits {
public:
    explicit TaskSplits(Expanding& work) : work_(work) {}

    /// {first} and {last} of the whole range, for steps that are split by one; the row as it is for others.
    static Values row_of_whole(const StepDescription& step, const Values& row);
    /// Lets the task be split as its step says. False: a problem was told.
    bool add(const StepDescription& step, const FilledIn& whole, Task& task);

private:
    bool find_input(const StepDescription& step, const Values& inputs, Split& split, std::size_t& group);
    bool check_files(const StepDescription& step, const Value& group);
    bool check_outputs(const StepDescription& step, const FilledIn& whole);
    bool fill_command(const StepDescription& step, const FilledIn& whole, std::size_t group, Split& split);
    bool fill_join(const StepDescription& step, const FilledIn& whole, Split& split);

    Expanding& work_;
};

}  // namespace plimsoll::workflow
