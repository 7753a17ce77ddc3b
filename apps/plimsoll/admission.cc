// SPDX-License-Identifier: Apache-2.0
#include "apps/plimsoll/admission.h"

#include <fmt/format.h>

#include <algorithm>

#include "plimsoll/schedule/admission.h"
#include "plimsoll/schedule/bounds.h"

namespace plimsoll::cli {
namespace {

using schedule::Admission;
using schedule::DryTask;

// Beyond these the rest is counted.
constexpr std::size_t misses_told = 5;

/// All that a task rests on, itself included: its work on one core after another, and the longest chain of it.
schedule::DagWork work_up_to(std::span<const DryTask> tasks, TaskId last) {
    std::vector<char> counts(tasks.size());
    std::vector<Duration> path(tasks.size());
    counts[last] = 1;
    schedule::DagWork dag;
    for (TaskId id = last + 1; id-- > 0;)
        if (counts[id])
            for (const TaskId need : tasks[id].needs) counts[need] = 1;
    for (TaskId id = 0; id <= last; ++id) {
        if (!counts[id]) continue;
        Duration before{};
        for (const TaskId need : tasks[id].needs) before = std::max(before, path[need]);
        path[id] = before + tasks[id].runtime;
        dag.work += from_seconds(seconds(tasks[id].runtime) * std::max(1.0, tasks[id].amounts.cpu.count));
        dag.longest_path = std::max(dag.longest_path, path[id]);
    }
    return dag;
}

std::string why(std::span<const DryTask> tasks, const Admission::Miss& miss) {
    const schedule::DagWork dag = work_up_to(tasks, miss.task);
    if (miss.ruled_out_by == "path")
        return fmt::format("the longest chain of what is due by then takes {}", format(dag.longest_path));
    const std::string work =
        miss.ruled_out_by.empty()
            ? std::string("in no order that was tried all that is due by then is done")
            : fmt::format("all that is due by then needs more {} than there is", miss.ruled_out_by);
    const auto cores = schedule::federated_cores(dag, miss.deadline);
    return cores ? fmt::format("{}; on {} cores of its own it would be kept", work, *cores) : work;
}

/// Rounded up to what people write.
std::string told(Duration time) {
    const auto whole = std::chrono::ceil<std::chrono::seconds>(time);
    return whole < std::chrono::minutes(2) ? fmt::format("{}s", whole.count()) : format(Duration(whole));
}

}  // namespace

std::vector<DryTask> dry_tasks(std::span<const Outlook> all, std::vector<std::size_t>* named) {
    std::vector<DryTask> tasks;
    std::vector<TaskId> place(all.size());
    for (std::size_t at = 0; at < all.size(); ++at) {
        if (!all[at].would_run) continue;
        place[at] = static_cast<TaskId>(tasks.size());
        if (named) named->push_back(at);
        DryTask& task = tasks.emplace_back();
        for (const TaskId need : all[at].task->needs)
            if (all[need].would_run) task.needs.push_back(place[need]);
        task.amounts = all[at].ask.amounts;
        task.runtime = all[at].ask.runtime;
        // What is not known adds nothing, not the length that the schedule would take for it: the end tells of it.
        task.takes = std::max(from_seconds(all[at].ask.forecast.runtime.p50), Duration(1));
        task.priority = all[at].task->step->priority;
        task.deadline = all[at].task->step->deadline;
        task.queue = all[at].task->step->queue;
    }
    return tasks;
}

Result<void> set_deadline(const std::string& spelt, std::span<Step* const> steps) {
    if (spelt.empty()) return {};
    const auto deadline = parse_duration(spelt);
    if (!deadline) return deadline.error().within("--deadline");
    if (*deadline <= Duration{}) return invalid("--deadline: no time at all; give it some");
    for (Step* step : steps) step->deadline = std::min(step->deadline.value_or(*deadline), *deadline);
    return {};
}

bool have_deadlines(std::span<const Task> tasks) {
    return std::ranges::any_of(tasks, [](const Task& task) { return task.step->deadline.has_value(); });
}

Result<std::string> admit_deadlines(std::span<const Outlook> all, const Resources& capacity) {
    std::vector<std::size_t> named;
    const std::vector<DryTask> tasks = dry_tasks(all, &named);
    const Calendar here(capacity);
    const Admission admission = schedule::admit(tasks, std::span(&here, 1));
    if (!admission.missed.empty()) {
        std::string text = "a deadline cannot be kept, and nothing was started:";
        for (std::size_t at = 0; at < std::min(misses_told, admission.missed.size()); ++at) {
            const Admission::Miss& miss = admission.missed[at];
            text +=
                fmt::format("\n  {} by {}: {}. The earliest that can be kept is {}", all[named[miss.task]].task->name,
                            told(miss.deadline), why(tasks, miss), told(miss.earliest));
        }
        if (admission.missed.size() > misses_told)
            text += fmt::format("\n  and {} more", admission.missed.size() - misses_told);
        return invalid(text + "\nGive it more time, or the run more of the machine");
    }
    if (admission.unknown.empty()) return std::string();
    return fmt::format(
        "deadlines rest on {} {} whose runtime is not known yet, and are not promised; `request: {{time: ...}}` "
        "of {} would tell it",
        admission.unknown.size(), admission.unknown.size() == 1 ? "task" : "tasks",
        all[named[admission.unknown.front()]].task->step->name);
}

}  // namespace plimsoll::cli
