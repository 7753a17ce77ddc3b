// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/workflow/select.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <unordered_set>

#include "plimsoll/base/text.h"

namespace plimsoll::workflow {
namespace {

constexpr TaskId dropped = std::numeric_limits<TaskId>::max();

std::vector<std::string> step_names(const std::vector<Task>& tasks) {
    std::vector<std::string> names;
    const Step* last = nullptr;
    for (const Task& task : tasks) {
        if (task.step != last && std::find(names.begin(), names.end(), task.step->name) == names.end())
            names.push_back(task.step->name);
        last = task.step;
    }
    return names;
}

using Paths = std::unordered_set<std::string_view>;

Paths inputs_of(const Task& task) { return {task.inputs.begin(), task.inputs.end()}; }

/// Does the output stand among the paths, itself or, being a folder or a pattern, with something in it?
bool is_read(const OutputFile& output, const Paths& paths) {
    if (paths.contains(output.path)) return true;
    return std::any_of(paths.begin(), paths.end(), [&](std::string_view path) {
        const bool within =
            path.size() > output.path.size() && path.starts_with(output.path) && path[output.path.size()] == '/';
        return within || (is_glob(output.path) && glob_matches(output.path, path));
    });
}

void keep_outputs_of(Task& maker, const Paths& read) {
    for (OutputFile& output : maker.outputs)
        if (output.temporary && is_read(output, read)) output.temporary = false;
}

std::vector<Task> select_marked(std::vector<Task> tasks, const std::vector<bool>& kept) {
    std::vector<TaskId> renumbered(tasks.size(), dropped);
    TaskId next = 0;
    for (const Task& task : tasks)
        if (kept[task.id]) renumbered[task.id] = next++;
    for (const Task& task : tasks) {
        if (kept[task.id]) continue;
        const Paths read = inputs_of(task);
        for (const TaskId need : task.needs)
            if (kept[need]) keep_outputs_of(tasks[need], read);
    }
    std::vector<Task> selected;
    selected.reserve(next);
    for (Task& task : tasks) {
        if (!kept[task.id]) continue;
        std::erase_if(task.needs, [&](TaskId need) { return !kept[need]; });
        for (TaskId& need : task.needs) need = renumbered[need];
        task.id = renumbered[task.id];
        selected.push_back(std::move(task));
    }
    return selected;
}

/// What the kept tasks read, dropped ones make and the disk does not have; by the step that makes it.
struct Missing {
    std::string reader;  ///< the step that reads the first of them
    std::vector<std::string> paths;
    std::vector<std::string> steps;
};

Missing missing_inputs(const std::vector<Task>& tasks, const std::vector<bool>& kept, const FileWorld& files) {
    Missing missing;
    std::unordered_set<std::string> seen;
    for (const Task& task : tasks) {
        if (!kept[task.id]) continue;
        const Paths read = inputs_of(task);
        for (const TaskId need : task.needs) {
            if (kept[need]) continue;
            for (const OutputFile& output : tasks[need].outputs) {
                const bool there = is_glob(output.path) ? !files.glob(output.path).empty() : files.exists(output.path);
                if (there || !is_read(output, read) || !seen.insert(output.path).second) continue;
                if (missing.paths.empty()) missing.reader = task.step->name;
                missing.paths.push_back(output.path);
                const std::string& step = tasks[need].step->name;
                if (std::find(missing.steps.begin(), missing.steps.end(), step) == missing.steps.end())
                    missing.steps.push_back(step);
            }
        }
    }
    return missing;
}

}  // namespace

std::vector<Task> select(std::vector<Task> tasks, const Keep& keep) {
    std::vector<bool> kept(tasks.size());
    for (const Task& task : tasks) kept[task.id] = keep(task);
    return select_marked(std::move(tasks), kept);
}

std::vector<Task> select_with_dependents(std::vector<Task> tasks, const Keep& keep) {
    std::vector<bool> kept(tasks.size());
    // Needs have lower ids, so one pass sees every need before what depends on it.
    for (const Task& task : tasks)
        kept[task.id] =
            keep(task) || std::any_of(task.needs.begin(), task.needs.end(), [&](TaskId need) { return kept[need]; });
    return select_marked(std::move(tasks), kept);
}

Result<std::vector<Task>> only_steps(std::vector<Task> tasks, std::span<const std::string> steps,
                                     const FileWorld& files) {
    const std::vector<std::string> names = step_names(tasks);
    for (const std::string& step : steps) {
        if (std::ranges::find(names, step) != names.end()) continue;
        const auto near = nearest_name(step, names);
        return invalid(
            fmt::format("--only: no step '{}'; {}", step,
                        near ? fmt::format("did you mean '{}'?", *near) : "the workflow has " + join(names, ", ")));
    }
    std::vector<bool> kept(tasks.size());
    for (const Task& task : tasks) kept[task.id] = std::ranges::find(steps, task.step->name) != steps.end();
    const Missing missing = missing_inputs(tasks, kept, files);
    if (!missing.paths.empty())
        return invalid(fmt::format(
            "--only: step '{}' reads '{}'{}, not there yet; run {} first", missing.reader, missing.paths.front(),
            missing.paths.size() > 1 ? fmt::format(" and {} more", missing.paths.size() - 1) : "",
            join(missing.steps, ", ")));
    return select_marked(std::move(tasks), kept);
}

}  // namespace plimsoll::workflow
