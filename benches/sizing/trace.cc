// SPDX-License-Identifier: Apache-2.0
#include "benches/sizing/trace.h"

#include <algorithm>
#include <cctype>

#include "benches/sizing/gz.h"

namespace plimsoll::benches {

Result<std::vector<TraceTask>> read_trace(const std::string& folder, const std::string& workflow) {
    const Table table = PLIM_TRY(Table::read(folder + "/trace_" + workflow + ".csv.gz"));
    const std::size_t process = PLIM_TRY(table.column("process")), status = PLIM_TRY(table.column("status"));
    const std::size_t peak_rss = PLIM_TRY(table.column("peak_rss")), realtime = PLIM_TRY(table.column("realtime"));
    const std::size_t start = PLIM_TRY(table.column("start")), complete = PLIM_TRY(table.column("complete"));
    const std::size_t memory = table.column_if_any("memory"), rchar = table.column_if_any("rchar");
    const std::size_t rss = table.column_if_any("rss");
    std::vector<TraceTask> tasks;
    tasks.reserve(table.rows());
    for (std::size_t row = 0; row < table.rows(); ++row)
        tasks.push_back({.workflow = workflow,
                         .kind = std::string(table.text(row, process)),
                         .row = row,
                         .request = table.number(row, memory),
                         .input = table.number(row, rchar),
                         .peak = table.number(row, peak_rss),
                         .rss = table.number(row, rss),
                         .runtime_s = table.number(row, realtime) / 1e3,
                         .start_s = table.number(row, start) / 1e3,
                         .complete_s = table.number(row, complete) / 1e3,
                         .completed = table.text(row, status) == "COMPLETED"});
    return tasks;
}

std::vector<TraceTask> scored(std::vector<TraceTask> tasks) {
    std::erase_if(tasks,
                  [](const TraceTask& task) { return !task.completed || task.peak <= 0 || task.runtime_s <= 0; });
    return tasks;
}

std::string tool_of(const std::string& process) {
    std::string tool = process.substr(process.rfind(':') + 1);
    std::transform(tool.begin(), tool.end(), tool.begin(),
                   [](unsigned char letter) { return letter == '_' ? ' ' : static_cast<char>(std::tolower(letter)); });
    return tool;
}

}  // namespace plimsoll::benches
