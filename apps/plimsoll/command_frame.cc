// SPDX-License-Identifier: Apache-2.0
#include "apps/plimsoll/command_frame.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <vector>

#include "plimsoll/base/text.h"
#include "plimsoll/history/location.h"
#include "plimsoll/machine/ledger.h"
#include "plimsoll/machine/process.h"

namespace plimsoll::cli {
namespace {

std::string variable(const char* name) {
    const char* value = std::getenv(name);
    return value ? value : "";
}

/// What to write instead of a name that is no task's: the nearest task or step.
std::string likely(const std::string& name, std::vector<std::string> names) {
    for (std::size_t at = 0, tasks = names.size(); at < tasks; ++at)
        if (const std::size_t bracket = names[at].find('['); bracket != std::string::npos)
            names.push_back(names[at].substr(0, bracket));
    if (const auto near = nearest_name(name, names)) return fmt::format("did you mean '{}'?", *near);
    return "`plimsoll explain` on the run without a task lists them";
}

Result<std::vector<TaskRecord>> find_tasks(const history::Database& history, const RunId& run,
                                           const std::string& name) {
    std::vector<TaskRecord> of_step;
    std::vector<std::string> names;
    for (TaskRecord& task : PLIM_TRY(history.tasks(run))) {
        if (task.name == name) return std::vector{std::move(task)};
        names.push_back(task.name);
        if (task.name.starts_with(name + "[")) of_step.push_back(std::move(task));
    }
    if (!of_step.empty()) return of_step;
    return Error{ErrorKind::not_found,
                 fmt::format("run {} has no task or step '{}'; {}", run, name, likely(name, std::move(names)))};
}

}  // namespace

int fail(const Error& error) {
    std::fprintf(stderr, "plimsoll: %s\n", error.message.c_str());
    const bool users = error.kind == ErrorKind::invalid || error.kind == ErrorKind::not_found;
    return users ? Exit::wrong_usage : Exit::machine_cannot;
}

void print(std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fflush(stdout);
}

std::string ledger_file() {
    const std::string named = variable("PLIMSOLL_LEDGER");
    return named.empty() ? machine::default_ledger_file : named;
}

history::HistoryChoice history_choice(const std::optional<std::string>& named) {
    const std::string temporary = variable("TMPDIR");
    return {.named = named ? history_path(named).value_or(*named) : "",
            .data_home = {variable("XDG_DATA_HOME"), variable("HOME")},
            .temporary = temporary.empty() ? "/tmp" : temporary};
}

Result<std::string> history_path(const std::optional<std::string>& named) {
    if (!named) return history::default_database({variable("XDG_DATA_HOME"), variable("HOME")});
    if (named->empty()) return invalid("--history needs the path of a file");
    if (named->front() == '/') return *named;
    char* here = ::getcwd(nullptr, 0);
    if (!here) return system_error("find the current folder");
    const std::string folder = here;
    std::free(here);
    return folder + "/" + *named;
}

Result<history::Database> open_history(const std::optional<std::string>& named) {
    const std::string path = PLIM_TRY(history_path(named));
    if (::access(path.c_str(), F_OK) != 0)
        return Error{ErrorKind::not_found,
                     fmt::format("there is no history at {} yet; `plimsoll run FILE` makes one", path)};
    auto opened = history::Database::open(path, {.read_only = true, .now = {}});
    // One of an older Plimsoll is brought up to date first, where that can be done.
    const bool may_be_old = !opened && opened.error().kind == ErrorKind::unavailable;
    if (!may_be_old || ::access(path.c_str(), W_OK) != 0) return opened;
    return history::Database::open(path, {});
}

Result<std::optional<history::Database>> open_history_if_any(const std::optional<std::string>& named) {
    auto opened = open_history(named);
    if (opened) return std::optional(std::move(*opened));
    if (opened.error().kind == ErrorKind::not_found) return std::optional<history::Database>();
    return opened.error();
}

RunRecord as_it_stands(RunRecord run) {
    if (run.state == RunState::running && !machine::is_alive(run.owner)) run.state = RunState::interrupted;
    return run;
}

Result<RunRecord> find_run(const history::Database& history, const std::string& name) {
    return as_it_stands(PLIM_TRY(history.run(name)));
}

Result<Target> find_target(const history::Database& history, const TargetOptions& options) {
    auto run = history.run(options.run);
    std::vector<TaskRecord> tasks;
    if (run) {
        if (!options.task.empty()) tasks = PLIM_TRY(find_tasks(history, run->id, options.task));
        return Target{std::move(*run), std::move(tasks)};
    }
    auto last = history.run("last");
    const bool may_be_task = run.error().kind == ErrorKind::not_found && options.task.empty() && last;
    if (!may_be_task) return run.error();
    auto found = find_tasks(history, last->id, options.run);
    if (found) return Target{std::move(*last), std::move(*found)};
    const bool reads_as_id = options.run.find_first_not_of("0123456789-abcdef") == std::string::npos;
    if (reads_as_id) return run.error();
    return Error{ErrorKind::not_found, fmt::format("no run '{}', and {}", options.run, found.error().message)};
}

}  // namespace plimsoll::cli
