// SPDX-License-Identifier: Apache-2.0
#include "benches/sizing/series.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <string_view>

#include "benches/sizing/gz.h"

namespace plimsoll::benches {
namespace {

constexpr double mib = 1 << 20;
constexpr std::size_t long_samples = 60;    ///< a series of more says something about its shape
constexpr std::size_t long_instances = 16;  ///< of these a kind needs

std::vector<double> numbers(std::string_view text, double unit) {
    std::vector<double> values;
    for (const char *at = text.data(), *end = at + text.size(); at < end;) {
        double value = 0;
        const auto [next, error] = std::from_chars(at, end, value);
        if (error == std::errc()) values.push_back(value * unit);
        at = std::max(next, at) + 1;
    }
    return values;
}

}  // namespace

double SeriesTask::peak() const { return memory.empty() ? 0 : *std::max_element(memory.begin(), memory.end()); }

Result<std::vector<TraceTask>> read_instances(const std::string& folder, const std::string& workflow) {
    const Table table = PLIM_TRY(Table::read(folder + "/kseg_instances_" + workflow + ".csv.gz"));
    const std::size_t task = PLIM_TRY(table.column("task")), start = PLIM_TRY(table.column("start"));
    const std::size_t last = PLIM_TRY(table.column("last_sample")), peak = PLIM_TRY(table.column("peak_mem_mb"));
    const std::size_t input = PLIM_TRY(table.column("files_input_total_size"));
    const std::size_t request = PLIM_TRY(table.column("max_mem")), samples = PLIM_TRY(table.column("n_mem"));
    std::vector<TraceTask> tasks;
    for (std::size_t row = 0; row < table.rows(); ++row) {
        if (table.number(row, samples) <= 0) continue;
        const double from_s = table.number(row, start), to_s = table.number(row, last) + sample_s;
        tasks.push_back({.workflow = workflow,
                         .kind = std::string(table.text(row, task)),
                         .row = row,
                         .request = table.number(row, request),
                         .input = table.number(row, input),
                         .peak = table.number(row, peak) * mib,
                         .rss = 0,
                         .runtime_s = to_s - from_s,
                         .start_s = from_s,
                         .complete_s = to_s,
                         .completed = true});
    }
    return scored(std::move(tasks));
}

Result<std::vector<SeriesTask>> read_series(const std::string& folder, const std::string& workflow) {
    const Table table = PLIM_TRY(Table::read(folder + "/kseg_instances_" + workflow + ".csv.gz"));
    const std::size_t id = PLIM_TRY(table.column("id")), task = PLIM_TRY(table.column("task"));
    const std::size_t input = PLIM_TRY(table.column("files_input_total_size"));
    const std::size_t request = PLIM_TRY(table.column("max_mem"));
    std::map<std::int64_t, SeriesTask> by_id;
    for (std::size_t row = 0; row < table.rows(); ++row) {
        const auto key = static_cast<std::int64_t>(table.number(row, id));
        by_id[key] = {.id = key,
                      .kind = std::string(table.text(row, task)),
                      .input = table.number(row, input),
                      .request = table.number(row, request),
                      .memory = {}};
    }
    const Table series = PLIM_TRY(Table::read(folder + "/kseg_series_" + workflow + ".csv.gz"));
    const std::size_t series_id = PLIM_TRY(series.column("id")), memory = PLIM_TRY(series.column("mem_mb"));
    std::map<std::string, std::size_t> long_ones;
    for (std::size_t row = 0; row < series.rows(); ++row) {
        const auto found = by_id.find(static_cast<std::int64_t>(series.number(row, series_id)));
        if (found == by_id.end()) continue;
        found->second.memory = numbers(series.text(row, memory), 1e6);
        long_ones[found->second.kind] += found->second.memory.size() > long_samples;
    }
    std::vector<SeriesTask> tasks;
    for (auto& [key, one] : by_id)
        if (!one.memory.empty() && long_ones[one.kind] >= long_instances) tasks.push_back(std::move(one));
    return tasks;
}

}  // namespace plimsoll::benches
