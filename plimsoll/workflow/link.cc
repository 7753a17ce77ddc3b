// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/workflow/link.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "plimsoll/base/text.h"
#include "plimsoll/workflow/input_paths.h"
#include "plimsoll/workflow/order.h"
#include "plimsoll/workflow/step_references.h"

namespace plimsoll::workflow {
namespace {

// Between all tasks together, 4 bytes each.
constexpr std::size_t needs_max = 10'000'000;
// A suggestion is worth a moment, not a second.
constexpr std::size_t candidates_max = 2000;

class Linker {
public:
    explicit Linker(const Expanding& work) : work_(work) {}

    void link() {
        for (std::uint32_t i = 0; i < work_.result.steps.size(); ++i) {
            link_files(i);
            link_named(i);
        }
        for (Task& task : work_.result.tasks) {
            std::sort(task.needs.begin(), task.needs.end());
            task.needs.erase(std::unique(task.needs.begin(), task.needs.end()), task.needs.end());
        }
    }

private:
    std::span<Task> tasks_of(std::uint32_t step) {
        return std::span(work_.result.tasks)
            .subspan(work_.result.steps[step].first_task, work_.result.steps[step].rows.size());
    }

    void link_files(std::uint32_t step) {
        for (Task& task : tasks_of(step))
            for (const std::string& path : task.inputs) {
                if (const auto maker = work_.result.declared.maker_of(path)) task.needs.push_back(*maker);
                else if (is_missing(path)) tell_missing(step, task, path);
            }
    }

    /// Asks once for each path, as all tasks may read one genome; a missing one is told for the first.
    bool is_missing(const std::string& path) {
        if (!work_.options.inputs_must_exist || !work_.result.all_known || !asked_.insert(path).second) return false;
        return !work_.options.files.exists(path);
    }

    void tell_missing(std::uint32_t step, const Task& task, const std::string& path) {
        const StepDescription& described = work_.description.steps[step];
        const auto named = work_.description.input_places.find(path);
        const Mark mark =
            named == work_.description.input_places.end() ? place_of_input(described, path) : named->second;
        const std::string of = named == work_.description.input_places.end() ? fmt::format(" of '{}'", task.name) : "";
        const std::string near = nearest(path);
        work_.problems.add(mark, fmt::format("the input '{}'{} is not there, and no step makes it; {}", path, of,
                                             near.empty() ? "put the file there, or correct the path"
                                                          : fmt::format("did you mean '{}'?", near)));
    }

    std::string nearest(const std::string& path) {
        if (work_.result.tasks.size() > candidates_max) return "";
        if (candidates_.empty())
            for (const Task& task : work_.result.tasks)
                for (const OutputFile& output : task.outputs) candidates_.push_back(output.path);
        if (candidates_.size() > candidates_max) return "";
        return std::string(nearest_name(path, candidates_).value_or(""));
    }

    void link_named(std::uint32_t step) {
        for (const auto& [name, mark] : work_.description.steps[step].needs) {
            const auto& steps = work_.description.steps;
            const auto needed = std::find_if(steps.begin(), steps.end(), [&wanted = name](const StepDescription& each) {
                return each.step.name == wanted;
            });
            if (needed == steps.end()) tell_unknown(name, mark);
            else need_all(step, static_cast<std::uint32_t>(needed - steps.begin()), mark);
        }
    }

    void tell_unknown(const std::string& name, Mark mark) {
        std::vector<std::string> names;
        for (const StepDescription& each : work_.description.steps) names.push_back(each.step.name);
        const auto near = nearest_name(name, names);
        work_.problems.add(mark,
                           fmt::format("no step '{}'; {}", name,
                                       near ? fmt::format("did you mean '{}'?", *near) : "name a step of this file"));
    }

    void need_all(std::uint32_t step, std::uint32_t needed, Mark mark) {
        const std::span<Task> makers = tasks_of(needed);
        const std::span<Task> tasks = tasks_of(step);
        needs_ += makers.size() * tasks.size();
        if (needs_ > needs_max)
            return work_.problems.add(
                mark, fmt::format("{} tasks that each need {} others are too many; put a step of one task between "
                                  "them, which needs '{}' "
                                  "and which '{}' needs",
                                  tasks.size(), makers.size(), work_.steps[needed].name, work_.steps[step].name));
        for (Task& task : tasks)
            for (const Task& maker : makers) task.needs.push_back(maker.id);
    }

    const Expanding& work_;
    std::unordered_set<std::string_view> asked_;
    std::vector<std::string> candidates_;
    std::size_t needs_ = 0;
};

/// Steps where they tell the circle, tasks where it stays within one step.
std::string draw(const std::vector<std::uint32_t>& cycle, const std::vector<Task>& tasks) {
    const bool one_step =
        std::all_of(cycle.begin(), cycle.end(), [&](TaskId id) { return tasks[id].step == tasks[cycle.front()].step; });
    std::vector<std::string> names;
    for (const TaskId id : cycle) names.push_back(one_step ? tasks[id].name : tasks[id].step->name);
    return draw_cycle(std::move(names));
}

void tell_cycles(const Expanding& work, const std::vector<std::vector<std::uint32_t>>& cycles) {
    const std::vector<Task>& tasks = work.result.tasks;
    std::unordered_set<std::string> told;
    for (const auto& cycle : cycles) {
        std::string drawn = draw(cycle, tasks);
        if (!told.insert(drawn).second) continue;
        const auto step = std::find_if(work.steps.begin(), work.steps.end(),
                                       [&](const Step& each) { return &each == tasks[cycle.front()].step; });
        const std::string message =
            cycle.size() == 1
                ? fmt::format("'{}' needs itself: {}; it cannot read what it makes, nor name itself under 'needs'",
                              tasks[cycle.front()].name, drawn)
                : fmt::format("a circle of needs: {}; take one of these inputs or 'needs' away", drawn);
        work.problems.add(work.description.steps[static_cast<std::size_t>(step - work.steps.begin())].mark, message);
    }
}

}  // namespace

void link(const Expanding& work) { Linker(work).link(); }

std::vector<Task> in_order(const Expanding& work) {
    std::vector<Task>& tasks = work.result.tasks;
    const Ordering ordering = order(static_cast<std::uint32_t>(tasks.size()),
                                    [&](TaskId id) { return std::span<const TaskId>(tasks[id].needs); });
    tell_cycles(work, ordering.cycles);
    std::vector<TaskId> renumbered(tasks.size());
    for (TaskId id = 0; id < tasks.size(); ++id) renumbered[ordering.order[id]] = id;
    std::vector<Task> sorted;
    sorted.reserve(tasks.size());
    for (const TaskId from : ordering.order) {
        Task& task = tasks[from];
        task.id = renumbered[from];
        for (TaskId& need : task.needs) need = renumbered[need];
        std::sort(task.needs.begin(), task.needs.end());
        sorted.push_back(std::move(task));
    }
    return sorted;
}

}  // namespace plimsoll::workflow
