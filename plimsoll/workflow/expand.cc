// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/workflow/expand.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "plimsoll/workflow/step_outputs.h"
#include "plimsoll/workflow/step_references.h"
#include "plimsoll/workflow/step_tasks.h"
#include "plimsoll/workflow/task_names.h"

namespace plimsoll::workflow {
namespace {

void number_tasks(Expanding& work) {
    TaskId next = 0;
    for (ExpandedStep& step : work.result.steps) {
        step.first_task = next;
        next += static_cast<TaskId>(step.rows.size());
    }
    work.result.tasks.resize(next);
}

void name_tasks(Expanding& work, std::uint32_t number) {
    const ExpandedStep& step = work.result.steps[number];
    const StepDescription& described = work.description.steps[number];
    std::vector<std::string> names = task_names(described.step.name, step.rows);
    std::unordered_set<std::string_view> seen;
    for (const std::string& name : names)
        if (!seen.insert(name).second)
            work.problems.add(described.scatter.mark,
                              fmt::format("the scatter gives '{}' twice; take one of the equal values away", name));
    for (std::size_t row = 0; row < names.size(); ++row) {
        Task& task = work.result.tasks[step.first_task + row];
        task.id = step.first_task + static_cast<TaskId>(row);
        task.step = &work.steps[number];
        task.name = std::move(names[row]);
        for (const NamedValue& variable : step.rows[row])
            task.bindings.emplace_back(variable.name, variable.value.words.front());
    }
}

Mark place_of_output(const StepDescription& step, const std::string& group, const std::string& path) {
    for (const Group& each : step.outputs) {
        if (each.name != group) continue;
        for (const Item& item : each.items)
            if (item.path.source == path || each.items.size() == 1) return item.path.mark;
        return each.mark;
    }
    return step.mark;
}

void tell_two_makers(Expanding& work, Mark mark, const std::string& path, const Task& one, const Task& other,
                     const Values& row) {
    if (one.id == other.id)
        return work.problems.add(mark, fmt::format("'{}' is an output of '{}' twice; take one away", path, one.name));
    const std::string remedy = one.step == other.step && !row.empty()
                                   ? fmt::format("put a scatter variable into the path, such as {{{}}}",
                                                 row.front().name + (row.front().value.is_path ? ".stem" : ""))
                                   : "give each a path of its own";
    work.problems.add(mark,
                      fmt::format("'{}' is an output of both '{}' and '{}'; {}", path, one.name, other.name, remedy));
}

void declare_outputs(Expanding& work, std::uint32_t number) {
    const ExpandedStep& step = work.result.steps[number];
    for (std::size_t row = 0; row < step.outputs.size(); ++row) {
        const Task& task = work.result.tasks[step.first_task + row];
        for (const NamedValue& group : step.outputs[row])
            for (const std::string& path : group.value.words)
                if (const auto other = work.result.declared.add(path, task.id))
                    tell_two_makers(work, place_of_output(work.description.steps[number], group.name, path), path,
                                    work.result.tasks[*other], task, step.rows[row]);
    }
}

/// A task makes its outputs anew, so a folder of one cannot hold a file of another.
void reject_outputs_within_outputs(Expanding& work, std::uint32_t number) {
    const ExpandedStep& step = work.result.steps[number];
    for (std::size_t row = 0; row < step.outputs.size(); ++row)
        for (const NamedValue& group : step.outputs[row])
            for (const std::string& path : group.value.words) {
                const auto folder = work.result.declared.folder_around(path);
                if (!folder) continue;
                work.problems.add(
                    place_of_output(work.description.steps[number], group.name, path),
                    fmt::format("'{}' lies within '{}', an output of '{}'; give it a place outside that folder", path,
                                folder->path, work.result.tasks[folder->task].name));
            }
}

}  // namespace

Expansion expand(const Description& description, const Globals& globals, StepsAndSplits into,
                 const ExpandOptions& options, Problems& problems) {
    Expansion result;
    Expanding work{description, globals, options, into.steps, into.splits, problems, result};
    const auto count = static_cast<std::uint32_t>(description.steps.size());
    result.steps.resize(count);
    StepOutputs outputs(work);
    outputs.expand();
    number_tasks(work);
    for (std::uint32_t i = 0; i < count; ++i) name_tasks(work, i);
    result.declared.reserve(result.tasks.size());
    for (std::uint32_t i = 0; i < count; ++i) declare_outputs(work, i);
    for (std::uint32_t i = 0; i < count; ++i) reject_outputs_within_outputs(work, i);
    StepTasks tasks(work, outputs);
    tasks.expand();
    return result;
}

}  // namespace plimsoll::workflow
