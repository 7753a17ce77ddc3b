// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/simulate/traces/wfinstances.h"

#include <fmt/format.h>

#include <unordered_map>
#include <utility>

#include "plimsoll/base/text.h"
#include "plimsoll/simulate/traces/field.h"

namespace plimsoll::simulate {
namespace {

Result<std::vector<std::size_t>> parents_of(const TraceTable& table, std::size_t column) {
    std::vector<std::size_t> parents;
    for (const std::string_view part : split(table.text(column), ' ')) {
        if (part.empty()) continue;
        const std::optional<double> row = number_of(part);
        if (!row || *row < 0 || *row >= 1e9)
            return invalid(fmt::format("{}: the parent '{}' is not the number of a row", table.place(), part));
        parents.push_back(static_cast<std::size_t>(*row));
    }
    return parents;
}

/// Each task after those it needs, the earliest row of those that may come next first.
Result<void> sort_by_need(WfDag& dag, const std::string& name) {
    const std::size_t count = dag.tasks.size();
    std::vector<std::size_t> place(count, count), order;
    std::vector<std::pair<std::size_t, std::size_t>> path;  // task, and how many of its parents were looked at
    for (std::size_t root = 0; root < count; ++root) {
        if (place[root] == count) path.emplace_back(root, 0);
        while (!path.empty()) {
            auto& [task, seen] = path.back();
            const std::vector<std::size_t>& parents = dag.tasks[task].parents;
            if (seen == parents.size()) {
                if (place[task] == count) place[task] = order.size(), order.push_back(task);
                path.pop_back();
                continue;
            }
            const std::size_t parent = parents[seen++];
            if (parent >= count)
                return invalid(fmt::format("{}: '{}' of {} needs row {}, but there are {} rows", name,
                                           dag.tasks[task].id, dag.file, parent, count));
            if (place[parent] < count) continue;
            if (path.size() > count)
                return invalid(fmt::format("{}: tasks of {} need each other in a circle", name, dag.file));
            path.emplace_back(parent, 0);
        }
    }
    std::vector<WfTask> sorted;
    sorted.reserve(count);
    for (const std::size_t task : order) {
        for (std::size_t& parent : dag.tasks[task].parents) parent = place[parent];
        sorted.push_back(std::move(dag.tasks[task]));
    }
    dag.tasks = std::move(sorted);
    return {};
}

}  // namespace

Result<std::vector<WfDag>> read_wfinstances(exchange::Lines& lines) {
    TraceTable table = PLIM_TRY(TraceTable::open(lines));
    const std::size_t file = PLIM_TRY(table.column("file")), type = PLIM_TRY(table.column("task_type"));
    const std::size_t id = PLIM_TRY(table.column("task_id")), runtime = PLIM_TRY(table.column("runtime_s"));
    const std::size_t cores = PLIM_TRY(table.column("cores")), memory = PLIM_TRY(table.column("memory_bytes"));
    const std::size_t input = PLIM_TRY(table.column("in_bytes")), parents = PLIM_TRY(table.column("parents"));
    std::vector<WfDag> dags;
    std::unordered_map<std::string, std::size_t> by_file;
    while (PLIM_TRY(table.next())) {
        const std::string name(table.text(file));
        const auto [found, fresh] = by_file.try_emplace(name, dags.size());
        if (fresh) dags.push_back({.file = name, .tasks = {}});
        dags[found->second].tasks.push_back({.type = std::string(table.text(type)),
                                             .id = std::string(table.text(id)),
                                             .runtime_s = PLIM_TRY(table.required(runtime)),
                                             .cores = PLIM_TRY(table.amount(cores)),
                                             .memory_bytes = PLIM_TRY(table.amount(memory)),
                                             .input_bytes = PLIM_TRY(table.amount(input)),
                                             .parents = PLIM_TRY(parents_of(table, parents))});
    }
    for (WfDag& dag : dags) PLIM_TRY(sort_by_need(dag, lines.name()));
    return dags;
}

Result<std::vector<WfDag>> read_wfinstances(const std::string& path) {
    exchange::Lines lines(PLIM_TRY(exchange::open_pieces(path)), path);
    return read_wfinstances(lines);
}

}  // namespace plimsoll::simulate
