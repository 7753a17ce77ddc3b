// SPDX-License-Identifier: Apache-2.0
// plimsoll history {list,show,export,forget,keep,vacuum,check,set-aside}: what is remembered, and how to forget it.
#include <fmt/format.h>

#include <map>

#include <nlohmann/json.hpp>

#include "apps/plimsoll/command_frame.h"
#include "apps/plimsoll/history/history_actions.h"
#include "plimsoll/base/clock.h"
#include "plimsoll/history/location.h"
#include "plimsoll/history/set_aside.h"
#include "plimsoll/machine/process.h"

namespace plimsoll::cli {
namespace {

using Json = nlohmann::ordered_json;
using history::Database;

constexpr std::size_t runs_listed = 40;  // a screen; --json lists all

void print_json(const Json& json) { print(json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n"); }

std::string makespan_text(const RunRecord& run) { return run.ended ? format(Duration(*run.ended - run.started)) : "-"; }

/// A run whose owner died is recorded as running until its workflow is run again.
std::string_view state_text(const RunRecord& run) {
    const bool is_dead = run.state == RunState::running && !machine::is_alive(run.owner);
    return name_of(is_dead ? RunState::interrupted : run.state);
}

Json run_json(const RunRecord& run) {
    return {{"run", run.id},
            {"workflow", run.workflow},
            {"state", state_text(run)},
            {"started", rfc3339(run.started)},
            {"ended", run.ended ? Json(rfc3339(*run.ended)) : Json()},
            {"file", run.file},
            {"folder", run.folder},
            {"machine", run.machine},
            {"version", run.version}};
}

Json sizes_json(const history::Sizes& sizes) {
    return {{"runs", sizes.runs},
            {"tasks", sizes.tasks},
            {"attempts", sizes.attempts},
            {"decisions", sizes.decisions},
            {"receipts", sizes.receipts},
            {"file_bytes", sizes.file.count},
            {"free_bytes", sizes.free.count}};
}

Result<void> list(const HistoryOptions& options) {
    const Database database = PLIM_TRY(open_history(options.history));
    const std::size_t limit = options.json ? SIZE_MAX : runs_listed;
    const std::vector<RunRecord> runs = PLIM_TRY(database.runs({.workflow = options.workflow, .limit = limit}));
    const history::Sizes sizes = PLIM_TRY(database.sizes());
    if (options.json) {
        Json all = {{"history", database.path()}, {"sizes", sizes_json(sizes)}, {"runs", Json::array()}};
        for (const RunRecord& run : runs) all["runs"].push_back(run_json(run));
        print_json(all);
        return {};
    }
    std::string text =
        fmt::format("{:<22} {:<20} {:<12} {:>9}  {}\n", "RUN", "STARTED", "STATE", "MAKESPAN", "WORKFLOW");
    for (const RunRecord& run : runs)
        text += fmt::format("{:<22} {:<20} {:<12} {:>9}  {}\n", run.id, rfc3339(run.started).substr(0, 19) + "Z",
                            state_text(run), makespan_text(run), run.workflow);
    if (runs.size() == runs_listed) text += fmt::format("... the {} newest; --json lists all\n", runs_listed);
    text += fmt::format("{} attempts, {} decisions, {} receipts of {} runs in {}, {} of it free:\n{}\n", sizes.attempts,
                        sizes.decisions, sizes.receipts, sizes.runs, format(sizes.file), format(sizes.free),
                        database.path());
    print(text);
    return {};
}

Result<void> show(const HistoryOptions& options) {
    const Database database = PLIM_TRY(open_history(options.history));
    const RunRecord run = PLIM_TRY(database.run(options.run.empty() ? "last" : options.run));
    std::map<std::string_view, int> states;
    for (const TaskRecord& task : PLIM_TRY(database.tasks(run.id))) ++states[name_of(task.state)];
    Json all = run_json(run);
    all["tasks"] = states;
    all["attempts"] = PLIM_TRY(database.attempts(run.id)).size();
    all["decisions"] = PLIM_TRY(database.decisions(run.id)).size();
    all["run_folder"] = history::run_paths(database.path(), run.id).folder;
    if (options.json) {
        print_json(all);
        return {};
    }
    std::string text;
    for (const auto& [name, value] : all.items())
        if (name != "tasks")
            text += fmt::format("{:<11} {}\n", name, value.is_string() ? value.get<std::string>() : value.dump());
    for (const auto& [state, count] : states) text += fmt::format("{:<11} {} {}\n", "tasks", count, state);
    print(text);
    return {};
}

/// The run's id; one whose owner died becomes interrupted first.
Result<RunId> settled(Database& database, const std::string& name) {
    const RunRecord run = PLIM_TRY(database.run(name));
    if (run.state == RunState::running && !machine::is_alive(run.owner))
        PLIM_TRY(database.mark_interrupted(run.id, MachineClock().wall()));
    return run.id;
}

Result<void> forget(const HistoryOptions& options) {
    if (!options.keep_size.empty()) {
        if (options.run.empty() && options.workflow.empty() && options.older_than.empty() && !options.receipts)
            return history_shrink(options);
        return invalid("--keep-size chooses among all runs by their age; give it alone");
    }
    Database database = PLIM_TRY(open_writable(options));
    history::ForgetFilter filter{.workflow = options.workflow, .receipts = options.receipts};
    if (!options.run.empty()) filter.run = PLIM_TRY(settled(database, options.run));
    if (!options.older_than.empty())
        filter.before = MachineClock().wall() - PLIM_TRY(parse_duration(options.older_than));
    const history::Forgotten forgotten = PLIM_TRY(database.forget(filter));
    if (options.json) {
        print_json({{"runs", forgotten.runs}, {"receipts", forgotten.receipts}});
        return {};
    }
    print(fmt::format("forgot {} run{} and {} receipt{}\n", forgotten.runs.size(),
                      forgotten.runs.size() == 1 ? "" : "s", forgotten.receipts, forgotten.receipts == 1 ? "" : "s"));
    return {};
}

Result<void> vacuum(const HistoryOptions& options) {
    Database database = PLIM_TRY(open_writable(options));
    const history::Sizes before = PLIM_TRY(database.sizes());
    PLIM_TRY(database.vacuum());
    const history::Sizes after = PLIM_TRY(database.sizes());
    if (options.json) print_json({{"before", sizes_json(before)}, {"after", sizes_json(after)}});
    else print(fmt::format("{}: {}, was {}\n", database.path(), format(after.file), format(before.file)));
    return {};
}

/// What is wrong with the database; empty when nothing is. An error when it could not be looked at.
Result<std::vector<std::string>> faults_of(const HistoryOptions& options) {
    const Result<Database> database = open_history(options.history);
    if (!database && database.error().kind == ErrorKind::damaged) return std::vector{database.error().message};
    if (!database) return database.error();
    Result<std::vector<std::string>> faults = database->faults();
    if (!faults && faults.error().kind == ErrorKind::damaged) return std::vector{faults.error().message};
    return faults;
}

Result<void> check(const HistoryOptions& options) {
    const std::string path = PLIM_TRY(history_path(options.history));
    const std::vector<std::string> faults = PLIM_TRY(faults_of(options));
    if (options.json) print_json({{"history", path}, {"faults", faults}});
    else if (faults.empty()) print(fmt::format("{}: in order\n", path));
    if (faults.empty()) return {};
    std::string text =
        fmt::format("{} is damaged; `plimsoll history set-aside` keeps it and lets a fresh one begin", path);
    for (const std::string& fault : faults) text += "\n  " + fault;
    return Error{ErrorKind::damaged, text};
}

Result<void> set_aside(const HistoryOptions& options) {
    const std::string path = PLIM_TRY(history_path(options.history));
    if (PLIM_TRY(faults_of(options)).empty())
        return invalid(
            fmt::format("{} is in order and stays where it is; to begin another, name it with --history", path));
    const std::string aside = PLIM_TRY(history::set_aside(path, MachineClock().wall()));
    if (options.json) print_json({{"kept", aside}});
    else print(fmt::format("kept as {}; the next run begins a fresh history\n", aside));
    return {};
}

struct Action {
    const char* name;
    Result<void> (*act)(const HistoryOptions& options);
};
constexpr Action actions[] = {{"", history_overview},     {"list", list},     {"show", show},
                              {"export", history_export}, {"forget", forget}, {"keep", history_keep},
                              {"vacuum", vacuum},         {"check", check},   {"set-aside", set_aside}};

}  // namespace

Result<Database> open_writable(const HistoryOptions& options) {
    (void)PLIM_TRY(open_history(options.history));
    return Database::open(PLIM_TRY(history_path(options.history)), {.now = MachineClock().wall()});
}

int history_command(const HistoryOptions& options) {
    for (const Action& action : actions) {
        if (options.action != action.name) continue;
        const Result<void> done = action.act(options);
        return done ? Exit::done : fail(done.error());
    }
    return fail(invalid(fmt::format("history has no action '{}'", options.action)));
}

}  // namespace plimsoll::cli
