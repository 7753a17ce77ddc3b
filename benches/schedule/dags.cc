// SPDX-License-Identifier: Apache-2.0
#include "benches/schedule/dags.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>

#include "plimsoll/forecast/forecaster.h"
#include "plimsoll/schedule/critical_path.h"
#include "plimsoll/simulate/traces/wfinstances.h"

namespace plimsoll::benches {
namespace {

constexpr Bytes unrecorded_memory = 2_GiB;
constexpr double cores_per_node = 8, careful = 3, least_cores = 2;
constexpr double shortest_s = 1e-3;  // as far as the table tells runtimes

Bytes scaled(Bytes memory, double by) {
    return {static_cast<std::int64_t>(std::llround(by * static_cast<double>(memory.count)))};
}

/// "pegasus/montage" of "pegasus/montage/montage-chameleon-2mass-01d-001.json".
std::string application(const std::string& file) { return file.substr(0, file.find('/', file.find('/') + 1)); }

schedule::DryTask task_of(const simulate::WfTask& row) {
    const double memory = row.memory_bytes.value_or(0);
    schedule::DryTask task;
    task.amounts.cpu = Cores{row.cores.value_or(1)};
    task.amounts.memory = memory > 0 ? Bytes{std::llround(memory)} : unrecorded_memory;
    task.runtime = task.takes = from_seconds(std::max(row.runtime_s, shortest_s));
    for (const std::size_t parent : row.parents) task.needs.push_back(static_cast<TaskId>(parent));
    return task;
}

Dag dag_of(const simulate::WfDag& rows) {
    Dag dag{.name = rows.file.substr(0, rows.file.rfind(".json")), .tasks = {}, .forecast = {}};
    schedule::CriticalPath path;
    for (const simulate::WfTask& row : rows.tasks) {
        const schedule::DryTask& task = dag.tasks.emplace_back(task_of(row));
        path.join(static_cast<TaskId>(dag.tasks.size() - 1), task.needs, seconds(task.takes));
        dag.cpu_s += seconds(task.takes) * task.amounts.cpu.count;
        dag.memory_bs += seconds(task.takes) * static_cast<double>(task.amounts.memory.count);
        dag.largest = std::max(dag.largest, task.amounts.memory);
    }
    path.refresh();
    dag.longest_path_s = path.longest();
    return dag;
}

bool is_measured(const simulate::WfDag& rows) {
    return std::all_of(rows.tasks.begin(), rows.tasks.end(),
                       [](const auto& row) { return row.memory_bytes.has_value(); });
}

TaskKind kind_of(const std::string& workflow, const simulate::WfTask& row) {
    return {.workflow = workflow, .step = row.type, .tool = row.type};
}

Features features_of(const simulate::WfTask& row) {
    return {.input_bytes = {std::llround(row.input_bytes.value_or(0))},
            .input_count = 1,
            .numbers = {},
            .machine = "table"};
}

/// All tasks of a graph are forecast before any of them is learnt: it runs while they are known.
void forecast_memory(Dag& dag, const simulate::WfDag& rows, forecast::Forecaster& forecaster) {
    const std::string workflow = application(rows.file);
    for (std::size_t at = 0; at < rows.tasks.size(); ++at) {
        forecast::Terms terms;
        terms.request.memory = scaled(dag.tasks[at].amounts.memory, careful);
        terms.machine_cpu = Cores{cores_per_node};
        terms.machine_memory = 64_GiB;
        const simulate::WfTask& row = rows.tasks[at];
        const double bound = forecaster.forecast(kind_of(workflow, row), features_of(row), terms).memory.bound;
        dag.forecast.push_back(std::max(Bytes{std::llround(bound)}, dag.tasks[at].amounts.memory));
    }
    for (std::size_t at = 0; at < rows.tasks.size(); ++at) {
        Observation seen;
        seen.kind = kind_of(workflow, rows.tasks[at]);
        seen.features = features_of(rows.tasks[at]);
        seen.profile.runtime = dag.tasks[at].takes;
        seen.profile.memory_peak = dag.tasks[at].amounts.memory;
        forecaster.learn(seen);
    }
}

std::vector<schedule::DryTask> with_memory(const Dag& dag, const std::vector<Node>& nodes,
                                           const std::vector<Bytes>& memory) {
    Bytes most{};
    for (const Node& node : nodes) most = std::max(most, node.capacity.memory);
    std::vector<schedule::DryTask> tasks = dag.tasks;
    for (std::size_t at = 0; at < tasks.size(); ++at) tasks[at].amounts.memory = std::min(memory[at], most);
    return tasks;
}

}  // namespace

Result<std::vector<Dag>> read_dags(const std::string& file) {
    const std::vector<simulate::WfDag> rows = PLIM_TRY(simulate::read_wfinstances(file));
    std::vector<Dag> dags;
    std::map<std::string, std::unique_ptr<forecast::Forecaster>> forecasters;
    for (const simulate::WfDag& each : rows) {
        Dag& dag = dags.emplace_back(dag_of(each));
        if (!is_measured(each)) continue;
        auto& forecaster = forecasters[application(each.file)];
        if (!forecaster) forecaster = forecast::make_forecaster("replayed-cost");
        forecast_memory(dag, each, *forecaster);
    }
    return dags;
}

std::vector<Node> machine_for(const Dag& dag, double share) {
    double left = std::max(least_cores, std::round(share * dag.cpu_s / dag.longest_path_s));
    const double memory_per_core = 2 * dag.memory_bs / dag.cpu_s;
    std::vector<Node> nodes;
    for (; left > 0; left -= cores_per_node) {
        const double cores = std::min(left, cores_per_node);
        const Bytes memory = {std::llround(cores * memory_per_core)};
        nodes.push_back({.id = static_cast<NodeId>(nodes.size()),
                         .name = "node",
                         .capacity = {.cpu = Cores{cores}, .memory = std::max(memory, dag.largest)}});
    }
    return nodes;
}

std::vector<schedule::DryTask> with_requests(const Dag& dag, const std::vector<Node>& nodes) {
    std::vector<Bytes> memory;
    for (const schedule::DryTask& task : dag.tasks) memory.push_back(scaled(task.amounts.memory, careful));
    return with_memory(dag, nodes, memory);
}

std::vector<schedule::DryTask> with_forecasts(const Dag& dag, const std::vector<Node>& nodes) {
    return with_memory(dag, nodes, dag.forecast);
}

}  // namespace plimsoll::benches
