// SPDX-License-Identifier: Apache-2.0
// plimsoll completion SHELL, and what its script asks back.
#include <fmt/format.h>

#include <algorithm>

#include "apps/plimsoll/command_frame.h"
#include "apps/plimsoll/help/complete.h"
#include "plimsoll/base/log.h"
#include "plimsoll/workflow/load.h"

namespace plimsoll::cli {
namespace {

constexpr std::size_t runs_offered = 50;

std::optional<history::Database> history_of(const std::string& named) {
    auto opened = open_history(named.empty() ? std::nullopt : std::optional(named));
    if (!opened) return std::nullopt;
    return std::move(*opened);
}

std::vector<RunRecord> some_runs(const std::string& named) {
    const auto database = history_of(named);
    if (!database) return {};
    return database->runs({.limit = runs_offered}).value_or(std::vector<RunRecord>());
}

std::vector<Candidate> runs(const std::string& named) {
    std::vector<Candidate> found;
    for (const RunRecord& run : some_runs(named))
        found.push_back({run.id, fmt::format("{}, {}", run.workflow, name_of(as_it_stands(run).state))});
    if (!found.empty()) found.insert(found.begin(), {"last", "the newest run"});
    return found;
}

std::vector<Candidate> workflows(const std::string& named) {
    std::vector<Candidate> found;
    for (const RunRecord& run : some_runs(named))
        if (std::ranges::none_of(found, [&](const Candidate& each) { return each.word == run.workflow; }))
            found.push_back({run.workflow, ""});
    return found;
}

std::vector<Candidate> tasks(const std::string& named, const std::string& run) {
    const auto database = history_of(named);
    if (!database) return {};
    const auto chosen = database->run(run.empty() ? "last" : run);
    if (!chosen) return {};
    std::vector<Candidate> found;
    for (const TaskRecord& task : database->tasks(chosen->id).value_or(std::vector<TaskRecord>()))
        found.push_back({task.name, std::string(name_of(task.state))});
    return found;
}

std::vector<Candidate> steps(const std::string& file) {
    if (file.empty()) return {};
    const auto loaded = workflow::load_workflow(file, {.inputs_must_exist = false});
    if (!loaded) return {};
    std::vector<Candidate> found;
    for (const Step& step : loaded->workflow.steps) found.push_back({step.name, ""});
    return found;
}

}  // namespace

int complete_command(const CommandHelp& program, const std::vector<std::string>& words) {
    set_log_level(LogLevel::error);
    const Offered offered =
        complete(program, words, {.runs = runs, .workflows = workflows, .tasks = tasks, .steps = steps});
    std::string text;
    for (const Candidate& candidate : offered.words) text += candidate.word + "\t" + candidate.says + "\n";
    if (offered.files) text += ":files\n";
    if (offered.command_at > 0) text += fmt::format(":command {}\n", offered.command_at);
    print(text);
    return Exit::done;
}

int completion_command(const std::string& shell) {
    print(completion_script(shell));
    return Exit::done;
}

}  // namespace plimsoll::cli
