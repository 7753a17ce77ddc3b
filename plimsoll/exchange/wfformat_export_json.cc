// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <map>
#include <set>

#include <nlohmann/json.hpp>

#include "plimsoll/exchange/run_export.h"

namespace plimsoll::exchange {
namespace {

using Json = nlohmann::ordered_json;

/// The attempts that tell of their tasks: those that finished, the last of each task.
std::map<TaskId, const AttemptRecord*> finished_of(const RunToExport& run) {
    std::map<TaskId, const AttemptRecord*> finished;
    for (const AttemptRecord& attempt : run.attempts)
        if (attempt.outcome && attempt.outcome->ending == Ending::finished) finished[attempt.id.task] = &attempt;
    return finished;
}

/// Which files there are, who makes and who reads them.
struct Files {
    std::map<std::string, std::int64_t> sizes;
    std::map<std::string, std::string> makers;                        ///< by file, the task's name
    std::map<std::string, std::vector<std::string>> inputs, outputs;  ///< by task's name
};

std::int64_t sum_of(const std::vector<FileStamp>& files) {
    std::int64_t sum = 0;
    for (const FileStamp& file : files) sum += file.size;
    return sum;
}

Files files_of(const RunToExport& run, const std::map<TaskId, const AttemptRecord*>& finished) {
    std::map<std::string, const Receipt*> receipts;
    for (const Receipt& receipt : run.receipts) receipts[receipt.task_name] = &receipt;
    Files files;
    for (const auto& [id, attempt] : finished) {
        const std::string& name = attempt->task_name;
        const auto receipt = receipts.find(name);
        const Bytes size = attempt->features.input_bytes;
        // A receipt tells of the latest run of a task; where its inputs are of another size, it is not of this one.
        const bool fits = receipt != receipts.end() && sum_of(receipt->second->inputs) == size.count;
        if (!fits && size > Bytes{}) {
            files.inputs[name].push_back(name + ".inputs");
            files.sizes[name + ".inputs"] = size.count;
        }
        if (!fits) continue;
        for (const FileStamp& file : receipt->second->inputs) {
            files.inputs[name].push_back(file.path);
            files.sizes[file.path] = file.size;
        }
        for (const FileStamp& file : receipt->second->outputs) {
            files.outputs[name].push_back(file.path);
            files.sizes.try_emplace(file.path, file.size);
            files.makers[file.path] = name;
        }
    }
    return files;
}

Json list_of(const std::map<std::string, std::vector<std::string>>& lists, const std::string& name) {
    const auto found = lists.find(name);
    return found == lists.end() ? Json::array() : Json(found->second);
}

Json specification_of(const std::map<TaskId, const AttemptRecord*>& finished, const Files& files) {
    std::map<std::string, std::set<std::string>> parents, children;
    for (const auto& [name, inputs] : files.inputs)
        for (const std::string& file : inputs)
            if (const auto maker = files.makers.find(file); maker != files.makers.end() && maker->second != name) {
                parents[name].insert(maker->second);
                children[maker->second].insert(name);
            }
    Json tasks = Json::array(), all = Json::array();
    for (const auto& [id, attempt] : finished) {
        const std::string& name = attempt->task_name;
        tasks.push_back({{"name", attempt->kind.step},
                         {"id", name},
                         {"parents", parents[name]},
                         {"children", children[name]},
                         {"inputFiles", list_of(files.inputs, name)},
                         {"outputFiles", list_of(files.outputs, name)}});
    }
    for (const auto& [path, size] : files.sizes) all.push_back({{"id", path}, {"sizeInBytes", size}});
    return {{"tasks", std::move(tasks)}, {"files", std::move(all)}};
}

Json executed(const AttemptRecord& attempt) {
    const Profile& profile = attempt.profile;
    const double runtime_s = seconds(profile.runtime);
    Json task = {{"id", attempt.task_name},
                 {"runtimeInSeconds", runtime_s},
                 {"executedAt", rfc3339(attempt.started)},
                 {"command", {{"program", attempt.kind.tool}, {"arguments", Json::array()}}},
                 {"avgCPU", runtime_s > 0 ? 100 * seconds(profile.cpu) / runtime_s : 0},
                 {"readBytes", profile.read_bytes.count},
                 {"writtenBytes", profile.write_bytes.count},
                 {"machines", {attempt.features.machine}}};
    if (attempt.request.cpu) task["coreCount"] = attempt.request.cpu->count;
    if (is_memory_measured(profile)) task["memoryInBytes"] = profile.memory_peak.count;
    return task;
}

}  // namespace

std::string wfformat(const RunToExport& run) {
    const std::map<TaskId, const AttemptRecord*> finished = finished_of(run);
    Json tasks = Json::array(), machines = Json::array();
    std::set<std::string> names;
    for (const auto& [id, attempt] : finished) {
        tasks.push_back(executed(*attempt));
        if (names.insert(attempt->features.machine).second)
            machines.push_back({{"nodeName", attempt->features.machine}});
    }
    const std::string workflow = finished.empty() ? run.run.workflow : finished.begin()->second->kind.workflow;
    const double makespan_s = run.run.ended ? seconds(*run.run.ended - run.run.started) : 0;
    const Json document = {{"name", workflow},
                           {"createdAt", rfc3339(run.run.started)},
                           {"schemaVersion", "1.5"},
                           {"runtimeSystem", {{"name", "Plimsoll"}, {"version", run.run.version}}},
                           {"workflow",
                            {{"specification", specification_of(finished, files_of(run, finished))},
                             {"execution",
                              {{"makespanInSeconds", makespan_s},
                               {"executedAt", rfc3339(run.run.started)},
                               {"tasks", std::move(tasks)},
                               {"machines", std::move(machines)}}}}}};
    return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace plimsoll::exchange
