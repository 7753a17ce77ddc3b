// SPDX-License-Identifier: Apache-2.0
#include "apps/plimsoll/outlook.h"

#include <algorithm>

namespace plimsoll::cli {

std::vector<Outlook> outlook(std::span<const Task> tasks, workflow::Workspace& workspace, const std::string& machine,
                             const forecast::Forecaster& forecaster, const loop::SizingTerms& terms) {
    std::vector<Outlook> all;
    all.reserve(tasks.size());
    for (const Task& task : tasks) {
        const auto first_to_run =
            std::find_if(task.needs.begin(), task.needs.end(), [&](TaskId need) { return all[need].would_run; });
        workflow::Freshness fresh = workspace.examine(task);
        Outlook seen{.task = &task, .would_run = !fresh.up_to_date, .reason = fresh.reason, .ask = {}};
        if (first_to_run != task.needs.end()) {
            seen.would_run = true;
            seen.reason = "follows from " + tasks[*first_to_run].name;
        }
        fresh.features.machine = machine;
        loop::TaskTable::Entry entry;
        entry.task = task;
        seen.ask = loop::size_task(entry, fresh.features, forecaster, terms);
        all.push_back(std::move(seen));
    }
    return all;
}

std::size_t name_width(std::span<const Outlook> all) {
    constexpr std::size_t least = 8, most = 28;
    std::size_t width = least;
    for (const Outlook& seen : all) width = std::max(width, seen.task->name.size());
    return std::min(width, most);
}

std::string typical_runtime(const Outlook& seen) {
    const double p50 = seen.ask.forecast.runtime.p50;
    return p50 > 0 ? format(from_seconds(p50)) : "-";
}

}  // namespace plimsoll::cli
