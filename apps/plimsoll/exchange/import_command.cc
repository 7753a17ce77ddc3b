// SPDX-License-Identifier: Apache-2.0
// plimsoll import SOURCE FILE...: all of the files into the history, or nothing.
#include <fmt/format.h>

#include <set>

#include <nlohmann/json.hpp>

#include "apps/plimsoll/command_frame.h"
#include "apps/plimsoll/exchange/exchange_commands.h"
#include "apps/plimsoll/live_run.h"
#include "apps/plimsoll/load.h"
#include "plimsoll/base/clock.h"
#include "plimsoll/exchange/kind_names.h"
#include "plimsoll/exchange/sources.h"
#include "plimsoll/workflow/tool_name.h"

namespace plimsoll::cli {
namespace {

using Json = nlohmann::ordered_json;
using exchange::Account;
using exchange::Tally;

struct Done {
    Account account;
    RunId run;                 ///< "" where nothing was new
    std::set<TaskKind> kinds;  ///< of what was taken
};

Result<std::vector<TaskKind>> kinds_of(const std::string& file, const machine::Host& host) {
    if (file.empty()) return std::vector<TaskKind>();
    const workflow::Loaded loaded = PLIM_TRY(load(file, {}, host.amounts, false));
    std::vector<TaskKind> kinds;
    for (const Step& step : loaded.workflow.steps) kinds.push_back(step.kind);
    return kinds;
}

RunRecord record_of(const ImportOptions& options) {
    RunRecord run;
    run.id = new_run_id(MachineClock().wall());
    run.workflow = options.workflow.empty() ? options.source : options.workflow;
    run.file = options.files.front();
    if (options.files.size() > 1) run.file += fmt::format(" and {} more", options.files.size() - 1);
    run.state = RunState::finished;
    run.version = PLIMSOLL_VERSION;
    run.source = options.source;
    return run;
}

Error unreadable(const Account& account, std::string_view source) {
    std::string text;
    for (const std::string& problem : account.problems) text += problem + "\n  ";
    if (account.unreadable > account.problems.size())
        text += fmt::format("... and {} more\n  ", account.unreadable - account.problems.size());
    return invalid(
        fmt::format("{}nothing was imported: {} of {} rows cannot be read; mend them, or add "
                    "--skip-unreadable to `plimsoll import {}` to take the rest",
                    text, account.unreadable, account.rows, source));
}

Result<Done> import(const ImportOptions& options) {
    const exchange::Source* source = exchange::find_source(options.source);
    const machine::Host host = PLIM_TRY(machine::read_host());
    exchange::KindNames names({.workflow = options.workflow,
                               .groups = options.groups,
                               .as = PLIM_TRY(kinds_of(options.as, host)),
                               .tool_of = [](std::string_view command) { return workflow::tool_name(command); }});
    const std::string path = PLIM_TRY(history_path(options.history));
    history::Database database = PLIM_TRY(history::Database::open(path, {.now = MachineClock().wall()}));
    const RunRecord run = record_of(options);
    history::ImportWriter writer = PLIM_TRY(database.begin_import(run));
    Done done;
    const auto take = [&](const exchange::Imported& imported) -> Result<bool> {
        AttemptRecord attempt = imported.attempt;
        if (options.this_machine) attempt.features.machine = host.machine;
        const bool is_new = PLIM_TRY(writer.add(imported.identity, attempt));
        if (is_new) done.kinds.insert(attempt.kind);
        return is_new;
    };
    exchange::Into into{.names = names, .account = done.account, .take = take};
    for (const std::string& file : options.files) {
        exchange::Lines lines(PLIM_TRY(exchange::open_pieces(file)), file == "-" ? "standard input" : file);
        PLIM_TRY(source->read(lines, {.columns = options.columns, .step = options.step, .workflow = options.workflow},
                              into));
    }
    if (done.account.unreadable > 0 && !options.skip_unreadable) return unreadable(done.account, options.source);
    PLIM_TRY(writer.commit());
    if (writer.added() > 0) done.run = run.id;
    return done;
}

std::string tallies_text(const std::map<std::string, Tally>& tallies) {
    std::string text;
    for (const auto& [words, tally] : tallies)
        text += fmt::format("  {:>12}  {} (first: {})\n", tally.count, words, tally.first);
    return text;
}

std::string text_of(const ImportOptions& options, const Done& done) {
    const Account& account = done.account;
    std::size_t skipped = 0;
    for (const auto& [reason, tally] : account.skipped) skipped += tally.count;
    std::string text = fmt::format("{} rows of {} {}\n", account.rows, options.files.size(),
                                   options.files.size() == 1 ? "file" : "files");
    text += fmt::format("taken   {:>6}  of {} {}\n", account.taken, done.kinds.size(),
                        done.kinds.size() == 1 ? "kind" : "kinds");
    if (!account.notes.empty()) text += tallies_text(account.notes);
    if (account.known > 0) text += fmt::format("known   {:>6}  imported before\n", account.known);
    if (skipped > 0) text += fmt::format("skipped {:>6}\n", skipped) + tallies_text(account.skipped);
    if (account.unreadable > 0)
        text += fmt::format("left out{:>6}  that cannot be read; first: {}\n", account.unreadable,
                            account.problems.front());
    if (done.run.empty()) return text + "nothing new: the history is as it was\n";
    return text + fmt::format("recorded as {}; `plimsoll advise` says what to request instead\n", done.run);
}

Json json_of(const std::map<std::string, Tally>& tallies, const char* name) {
    Json all = Json::array();
    for (const auto& [words, tally] : tallies)
        all.push_back({{name, words}, {"count", tally.count}, {"first", tally.first}});
    return all;
}

Json json_of(const ImportOptions& options, const Done& done) {
    return {{"source", options.source},
            {"files", options.files},
            {"run", done.run.empty() ? Json(nullptr) : Json(done.run)},
            {"rows", done.account.rows},
            {"kinds", done.kinds.size()},
            {"taken", done.account.taken},
            {"known", done.account.known},
            {"notes", json_of(done.account.notes, "note")},
            {"skipped", json_of(done.account.skipped, "reason")},
            {"unreadable", {{"count", done.account.unreadable}, {"first", done.account.problems}}}};
}

}  // namespace

int import_command(const ImportOptions& options) {
    const Result<Done> done = import(options);
    if (!done) return fail(done.error());
    if (options.json) print(json_of(options, *done).dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
    else print(text_of(options, *done));
    return Exit::done;
}

}  // namespace plimsoll::cli
