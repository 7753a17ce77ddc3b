// SPDX-License-Identifier: Apache-2.0
#include "apps/plimsoll/load.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <set>

#include "plimsoll/base/log.h"
#include "plimsoll/base/text.h"
#include "plimsoll/workflow/file_world.h"
#include "plimsoll/workflow/select.h"

namespace plimsoll::cli {
namespace {

/// What to name instead of a workflow file that is not there.
std::string likely_file(const std::string& file) {
    const std::size_t slash = file.rfind('/');
    const std::string folder = slash == std::string::npos ? "" : file.substr(0, slash + 1);
    std::vector<std::string> there;
    for (const char* pattern : {"*.yaml", "*.yml"})
        for (const std::string& found : workflow::glob_files(folder.empty() ? "." : folder, pattern))
            there.push_back(folder + found);
    if (const auto near = nearest_name(file, there)) return fmt::format("did you mean {}?", *near);
    if (there.size() == 1) return "there is " + there.front();
    return "`plimsoll init` writes one to start from";
}

}  // namespace

Result<workflow::Loaded> load(const std::string& file, const std::vector<std::string>& set, const Resources& machine,
                              bool inputs_must_exist) {
    workflow::LoadOptions options;
    options.overrides = set;
    options.machine = machine;
    options.inputs_must_exist = inputs_must_exist;
    auto read = workflow::load_workflow(file, options);
    if (!read && read.error().kind == ErrorKind::not_found)
        return Error{ErrorKind::not_found, read.error().message + "; " + likely_file(file)};
    workflow::Loaded loaded = PLIM_TRY(std::move(read));
    for (const workflow::Problem& warning : loaded.warnings) log(LogLevel::warning, workflow::format(warning));
    if (loaded.problems.empty()) return loaded;
    std::string all =
        fmt::format("{} {} in {}", loaded.problems.size(), loaded.problems.size() == 1 ? "mistake" : "mistakes", file);
    for (const workflow::Problem& problem : loaded.problems) all += "\n  " + workflow::format(problem);
    return invalid(std::move(all));
}

Result<void> secrets_are_set(const workflow::Workflow& workflow, std::span<const std::string> only) {
    std::string missing;
    for (const Step& step : workflow.steps) {
        if (!only.empty() && std::ranges::find(only, step.name) == only.end()) continue;
        for (const std::string& name : step.secrets)
            if (!std::getenv(name.c_str())) missing += fmt::format("\n  {} of step {}", name, step.name);
    }
    if (missing.empty()) return {};
    return invalid(fmt::format("secrets of {} are not set in the environment; export them and run again:{}",
                               workflow.file, missing));
}

Result<FailedBefore> failed_before(const history::Database& history, const workflow::Workflow& workflow) {
    const auto runs =
        PLIM_TRY(history.runs({.workflow = workflow.name, .folder = workflow.folder, .state = {}, .limit = 1}));
    if (runs.empty())
        return invalid(fmt::format("--failed: there is no earlier run of {} in {}", workflow.name, workflow.folder));
    FailedBefore failed{runs.front().id, {}};
    for (const TaskRecord& task : PLIM_TRY(history.tasks(failed.run)))
        if (task.state != TaskState::finished && task.state != TaskState::up_to_date) failed.tasks.insert(task.name);
    return failed;
}

}  // namespace plimsoll::cli
