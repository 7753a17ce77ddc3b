// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/workflow/step_tasks.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "plimsoll/base/text.h"
#include "plimsoll/workflow/render.h"
#include "plimsoll/workflow/step_references.h"
#include "plimsoll/workflow/task_splits.h"
#include "plimsoll/workflow/tool_name.h"

namespace plimsoll::workflow {
namespace {

// Linux' MAX_ARG_STRLEN is 128 KiB for one argument, which a shell's command is; some room for {cpu}.
constexpr std::size_t command_length_max = 131'000;

void remove_doubles(std::vector<std::string>& paths) {
    if (paths.size() < 2) return;
    std::unordered_set<std::string> seen;
    std::erase_if(paths, [&](const std::string& path) { return !seen.insert(path).second; });
}

/// The tool of all tasks of a step: parameters count, what differs from task to task does not.
std::string tool_of(const Template& command, const Globals& globals) {
    std::string text;
    for (const Piece& piece : command.pieces) {
        const auto* placeholder = std::get_if<Placeholder>(&piece);
        if (placeholder == nullptr) {
            text += std::get<std::string>(piece);
            continue;
        }
        const auto global = globals.find(placeholder->path.front());
        text += global != globals.end() && global->second.words.size() == 1 ? global->second.words.front() : "./_";
    }
    return tool_name(text);
}

/// Values of these names without a word.
template <class Named>
Values names_only(const std::vector<Named>& named, std::string Named::* name) {
    Values values;
    for (const Named& each : named) values.push_back({each.*name, {.words = {}, .is_list = true, .is_path = true}});
    return values;
}

}  // namespace

void StepTasks::expand() {
    const auto named = references(work_.description.steps);
    for (std::uint32_t i = 0; i < work_.result.steps.size(); ++i) {
        ExpandedStep& step = work_.result.steps[i];
        step.has_tasks = step.has_outputs && outputs_.all_known(named[i]) && make_tasks(i);
        if (!step.has_tasks) check_command(i);
        work_.result.all_known &= step.has_tasks;
    }
}

bool StepTasks::make_tasks(std::uint32_t number) {
    const StepDescription& described = work_.description.steps[number];
    const ExpandedStep& step = work_.result.steps[number];
    Scope inputs_scope = outputs_.scope_of(number, "in 'inputs'");
    Scope scope = outputs_.scope_of(number, "in the command");
    scope.steps = nullptr;
    scope.has_allotment = true;
    // Relative paths are good only where the command runs in the workflow's folder.
    if (!described.step.workdir.empty()) scope.absolute_folder = work_.options.folder;
    for (std::size_t row = 0; row < step.rows.size(); ++row) {
        const Values whole_row = TaskSplits::row_of_whole(described, step.rows[row]);
        inputs_scope.row = &step.rows[row];
        scope.row = &whole_row;
        scope.outputs = &step.outputs[row];
        std::optional<Values> inputs = outputs_.inputs().of_task(number, inputs_scope, &work_.result.declared);
        if (!inputs) return false;
        scope.inputs = &*inputs;
        std::optional<Command> command = render_command(described.command, scope, work_.problems);
        if (!command || !fits_a_command_line(described, *command)) return false;
        if (row == 0) finish_step(number, *command);
        Task& task = work_.result.tasks[step.first_task + row];
        task.command = std::move(*command);
        if (described.split && !TaskSplits(work_).add(described, {scope, *inputs, step.outputs[row]}, task))
            return false;
        fill(task, step, row, std::move(*inputs));
    }
    return true;
}

/// Looks for names that nobody knows in the command of a step whose tasks could not be made.
void StepTasks::check_command(std::uint32_t number) {
    const StepDescription& described = work_.description.steps[number];
    if (!described.sound) return;
    Values row = names_only(described.scatter.axes, &Axis::variable);
    if (!described.scatter.rows.empty())
        for (const auto& [variable, text] : described.scatter.rows.front()) row.push_back({variable, {}});
    row = TaskSplits::row_of_whole(described, row);
    const Values inputs = names_only(described.inputs, &Group::name);
    const Values outputs = names_only(described.outputs, &Group::name);
    Scope scope = outputs_.scope_of(number, "in the command");
    scope.steps = nullptr;
    scope.has_allotment = true;
    scope.row = &row;
    scope.inputs = &inputs;
    scope.outputs = &outputs;
    static_cast<void>(render_command(described.command, scope, work_.problems));
}

void StepTasks::finish_step(std::uint32_t number, const Command& command) {
    Step& step = work_.steps[number];
    step.kind.tool = tool_of(work_.description.steps[number].command, work_.globals);
    step.uses_cpu_slot = std::any_of(command.slots.begin(), command.slots.end(),
                                     [](const Command::Slot& slot) { return slot.what == Command::Allotted::cpu; });
    if (!work_.description.steps[number].has_shell && !simple_command(command.text)) step.shell = default_shell;
}

bool StepTasks::fits_a_command_line(const StepDescription& described, const Command& command) {
    if (command.text.size() <= command_length_max) return true;
    work_.problems.add(described.command.mark, fmt::format("the command comes to {} KiB, but the kernel takes no more "
                                                           "than 128 KiB; let the shell find the files, as in: "
                                                           "printf '%s\\n' results/*.txt | xargs cat",
                                                           command.text.size() >> 10));
    return false;
}

void StepTasks::fill(Task& task, const ExpandedStep& step, std::size_t row, Values inputs) {
    for (NamedValue& group : inputs)
        for (std::string& path : group.value.words) task.inputs.push_back(std::move(path));
    remove_doubles(task.inputs);
    std::size_t index = 0;
    for (const NamedValue& group : step.outputs[row])
        for (const std::string& path : group.value.words) {
            const bool temporary =
                !step.temporary.empty() && !step.temporary[row].empty() && step.temporary[row][index];
            task.outputs.push_back({.path = path, .temporary = temporary});
            ++index;
        }
}

}  // namespace plimsoll::workflow
