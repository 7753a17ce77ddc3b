// SPDX-License-Identifier: Apache-2.0
// How the commands' arguments are spelt. Beside it only tool_arguments.cc and help/read_tree.cc include CLI11.
#include <fmt/format.h>

#include <cstdio>
#include <optional>

#include <CLI/CLI.hpp>

#include "apps/plimsoll/arguments.h"
#include "apps/plimsoll/command_frame.h"
#include "apps/plimsoll/commands.h"
#include "apps/plimsoll/exchange/exchange_commands.h"
#include "apps/plimsoll/help/read_tree.h"
#include "apps/plimsoll/misspelt.h"
#include "apps/plimsoll/simulate/simulate_commands.h"
#include "plimsoll/base/text.h"

namespace plimsoll::cli {

/// CLI11 has no std::optional<std::string> without a template of its own; a callback does.
void add_history(CLI::App& command, std::optional<std::string>& history) {
    command
        .add_option_function<std::string>(
            "--history", [&history](const std::string& path) { history = path; },
            "The database that is learned from and written to (default: $XDG_DATA_HOME/plimsoll/history.db)")
        ->type_name("FILE");
}

void add_risk(CLI::App& command, std::optional<Risk>& risk, const char* text) {
    command
        .add_option_function<std::string>(
            "--risk", [&risk](const std::string& spelt) { risk = parse_risk(spelt).value(); }, text)
        ->type_name("X")
        ->check(CLI::Validator(
            [](std::string& spelt) {
                const auto parsed = parse_risk(spelt);
                return parsed ? std::string() : parsed.error().message;
            },
            ""));
}

void add_sizing(CLI::App& command, RunOptions& options) {
    command
        .add_option_function<std::string>(
            "--config", [&options](const std::string& path) { options.config = path; },
            "The config file (default: $XDG_CONFIG_HOME/plimsoll/config.yaml, where it is there)")
        ->type_name("FILE");
    command.add_option("--queue", options.queue, "The queue of what names none of its own")->type_name("QUEUE");
    command.add_option("--max-cpu", options.max_cpu, "Hold no more cores than this")->type_name("CORES");
    command.add_option("--max-memory", options.max_memory, "Hold no more memory than this")->type_name("SIZE");
    command.add_option("--keep-free", options.keep_free, "Leave this much memory to others")->type_name("SIZE");
    add_risk(command, options.risk,
             "How sizes are chosen, whatever the file says: thrifty, balanced, safe, or what a failed attempt weighs, "
             "0 to 100");
    command.add_option("--sizing", options.sizing, "learned: from history; requests: as asked for")
        ->check(CLI::IsMember({"learned", "requests"}));
    command
        .add_option("--shape", options.shape,
                    "full: what a task holds follows its forecast, and it is grown where it needs more; flat: its peak "
                    "is held throughout, and it is grown; off: at what it was given it is stopped")
        ->check(CLI::IsMember({"full", "flat", "off"}));
    command.add_flag("--exceed-request", options.exceed_request, "Let a first attempt be given more than it asks for");
    command.add_option("--cgroups", options.cgroups, "auto: one for each task where possible; off: none")
        ->check(CLI::IsMember({"auto", "off"}));
}

void add_deadline(CLI::App& command, RunOptions& options) {
    command
        .add_option("--deadline", options.deadline,
                    "All must be done so long after the start; what cannot be is refused before anything runs")
        ->type_name("TIME");
}

CLI::App& subcommand(CLI::App& app, Chosen& chosen, const char* name, const char* text, std::function<int()> act) {
    CLI::App& command = *app.add_subcommand(name, text);
    command.callback([&chosen, act = std::move(act)] { chosen.command = act; });
    return command;
}

namespace {

void add_file(CLI::App& command, std::string& file, std::vector<std::string>& set) {
    command.add_option("FILE", file, "The workflow file")->required();
    command.add_option("--set", set, "Give a parameter another value: --set depth=50")
        ->type_name("NAME=VALUE")
        ->take_all();
}

void add_target(CLI::App& command, TargetOptions& options) {
    command.add_option("RUN", options.run, "A run's id, the unique beginning of one, or 'last'");
    add_history(command, options.history);
}

void add_container_engine(CLI::App& command, std::string& engine) {
    command
        .add_option("--container-engine", engine,
                    "What runs the steps that name an image: podman, docker, or a path (default: whichever is there)")
        ->envname("PLIMSOLL_CONTAINER_ENGINE")
        ->type_name("PROGRAM");
}

void add_what_runs(CLI::App& command, RunOptions& options) {
    command
        .add_option("--only", options.only, "Run this step's tasks and no others; of several, each with its own --only")
        ->type_name("STEP")
        ->allow_extra_args(false);
    command.add_flag("--force", options.force, "Run every task, up to date or not");
    command.add_flag("--failed", options.failed, "Run what failed last time and what follows from it, and no more");
    command.add_flag_callback("--resume", [] {}, "Skip what is up to date (this is the default)");
    command.add_flag("-k,--keep-going", options.keep_going, "After a failure run all that does not depend on it");
    command.add_option("--prefetch", options.prefetch, "on: inputs of the next tasks are read into memory; off: not")
        ->check(CLI::IsMember({"on", "off"}));
    command.add_flag("--verify", options.verify, "Trust no time stamps: hash every input and output");
    command.add_flag("-n,--dry-run", options.dry_run, "Say what would run, with its forecast sizes, and run nothing");
    command.add_flag("--graph", options.graph, "Print the steps as a graph in dot and run nothing");
    command.add_flag("--explain", options.explain, "Say of every task why it runs or is skipped");
}

void add_how_it_runs(CLI::App& command, RunOptions& options) {
    add_sizing(command, options);
    add_deadline(command, options);
    command.add_flag("--detach", options.detach, "Run in the background and print the run's id");
    command
        .add_option_function<std::string>(
            "--cancel", [&options](const std::string& when) { options.cancel_now = when == "now"; },
            "What the first Ctrl-C does: 'drain' lets running tasks finish, 'now' ends them")
        ->check(CLI::IsMember({"now", "drain"}));
    command.add_flag("--json", options.json, "One event a line on standard output, as JSON");
    command.add_flag("-q,--quiet", options.quiet, "Say only what went wrong");
    command
        .add_option("--view", options.view,
                    "On a terminal, auto: a view that changes in place; lines: one line for each thing that happens")
        ->check(CLI::IsMember({"auto", "lines"}));
    command.add_option("--run-id", options.run_id)->group("");
}

void add_target_commands(CLI::App& app, Chosen& chosen) {
    TargetOptions& target = chosen.target;
    CLI::App& show =
        subcommand(app, chosen, "show", "What a run did, used and saved", [&] { return show_command(target); });
    add_target(show, target);
    show.add_flag("--steps", target.steps, "More of each step: use, times, what it reads and hands on, errors");
    show.add_flag("--json", target.json, "As JSON");
    CLI::App& explain = subcommand(app, chosen, "explain", "Why a task got its size and started when it did",
                                   [&] { return explain_command(target); });
    add_target(explain, target);
    explain.add_option("TASK", target.task, "A task's or step's name; none: every task");
    explain.add_flag("--json", target.json, "As JSON");
    CLI::App& logs = subcommand(app, chosen, "logs", "What tasks printed", [&] { return logs_command(target); });
    add_target(logs, target);
    logs.add_option("TASK", target.task, "A task's or step's name; none: every task");
    logs.add_flag("-f,--follow", target.follow, "Go on as it is printed");
    CLI::App& attach =
        subcommand(app, chosen, "attach", "Follow a run that is under way", [&] { return attach_command(target); });
    add_target(attach, target);
    attach.add_flag("--json", target.json, "Events as JSON");
    CLI::App& watch = subcommand(app, chosen, "watch", "How a run that is under way stands, drawn anew as it goes on",
                                 [&] { return watch_command(target); });
    add_target(watch, target);
    watch.add_flag("--once", target.once, "As it stands now, and no more");
    watch.add_flag("--json", target.json, "As JSON, an object a second");
    CLI::App& stop =
        subcommand(app, chosen, "stop", "End a run that is under way", [&] { return stop_command(target); });
    add_target(stop, target);
    stop.add_flag("--now", target.now, "End running tasks too, instead of letting them finish");
}

void add_report(CLI::App& app, Chosen& chosen) {
    ReportOptions& options = chosen.report;
    CLI::App& report = subcommand(app, chosen, "report", "A run as one HTML page, to look at or to send",
                                  [&] { return report_command(options); });
    report.add_option("RUN", options.run, "A run's id, the unique beginning of one, or 'last'");
    report
        .add_option("--html", options.html, "Write the page here; '-': to standard output (default: the run's folder)")
        ->type_name("FILE");
    report.add_option("--compare", options.compare, "Show this run beside it, as the one before")->type_name("RUN");
    add_history(report, options.history);
    report.footer(
        "Examples:\n  plimsoll report\n  plimsoll report last --html report.html\n"
        "  plimsoll report last --compare 20261121-061718-add2");
}

void add_top_command(CLI::App& app, Chosen& chosen) {
    CLI::App& top = subcommand(app, chosen, "top", "What of this machine is used, reserved and free, by run and step",
                               [&] { return top_command(chosen.top); });
    top.add_flag("--once", chosen.top.once, "As it is now, and no more; so it is where standard output is no terminal");
    top.add_flag("--json", chosen.top.json, "As JSON, once");
}

void add_workflow_commands(CLI::App& app, Chosen& chosen) {
    CLI::App& run = subcommand(app, chosen, "run", "Run a workflow", [&] { return run_command(chosen.run); });
    add_file(run, chosen.run.file, chosen.run.set);
    add_history(run, chosen.run.history);
    add_what_runs(run, chosen.run);
    add_how_it_runs(run, chosen.run);
    add_container_engine(run, chosen.run.container_engine);
    CLI::App& check = subcommand(app, chosen, "check", "Find every mistake in a workflow file",
                                 [&] { return check_command(chosen.check); });
    add_file(check, chosen.check.file, chosen.check.set);
    add_container_engine(check, chosen.check.container_engine);
    CLI::App& predict = subcommand(app, chosen, "predict", "What each task will need, and how sure that is",
                                   [&] { return predict_command(chosen.predict); });
    add_file(predict, chosen.predict.file, chosen.predict.set);
    add_history(predict, chosen.predict.history);
    add_risk(predict, chosen.predict.risk, "As for run: thrifty, balanced, safe, or a number");
    predict.add_flag("--json", chosen.predict.json, "As JSON");
}

/// A word that means nothing explains the rest of what is wrong; an option more than what may be its value.
std::optional<std::string> first_unknown(const CLI::App& app) {
    std::optional<std::string> first;
    for (const std::string& word : app.remaining())
        if (!first || (word.starts_with('-') && !first->starts_with('-'))) first = word;
    return first;
}

int wrong_usage(const CLI::App& app, const CLI::ParseError& error) {
    const CLI::App* meant = &app;
    for (const CLI::App* each = meant; each;
         each = each->get_subcommands().empty() ? nullptr : each->get_subcommands().front()) {
        meant = each;
        if (const auto word = first_unknown(*each)) return fail(invalid(not_understood(read_tree(*each), *word)));
    }
    const CommandHelp command = read_tree(*meant);
    if (meant == &app && app.get_subcommands().empty()) {
        std::fputs(help_text(command).c_str(), stderr);
        return Exit::wrong_usage;
    }
    std::vector<std::string> names;
    for (const CommandHelp& each : command.commands) names.emplace_back(each.last_word());
    const std::string wrong =
        names.empty() ? with_nearest_choice(error.what()) : "a command is missing: " + join(names, ", ");
    return fail(invalid(fmt::format("{}; `{} --help` tells more", wrong, command.name)));
}

/// The arguments up to the command that exec is to run, which goes to `chosen`.
std::vector<std::string> cut_off_command(const CLI::App& app, std::vector<std::string> arguments, Chosen& chosen) {
    if (arguments.size() < 2 || arguments[1] != "exec") return arguments;
    const CommandHelp tree = read_tree(app);
    const std::size_t begin = command_begins(*tree.find("exec"), arguments);
    chosen.exec.words.assign(arguments.begin() + static_cast<std::ptrdiff_t>(begin), arguments.end());
    arguments.resize(begin);
    if (arguments.back() == "--") arguments.pop_back();
    return arguments;
}

std::vector<std::string> all_words(int count, char** arguments) {
    std::vector<std::string> words(arguments, arguments + count);
    if (words.empty()) words.emplace_back("plimsoll");
    return words;
}

int parse_and_run(int count, char** arguments) {
    CLI::App app("Plimsoll runs workflows and gives every step just what it needs.", "plimsoll");
    app.formatter_fn(
        [](const CLI::App* command, const std::string&, CLI::AppFormatMode) { return help_text(read_tree(*command)); });
    app.set_help_flag("-h,--help", "Print this and exit");
    app.set_version_flag("--version", PLIMSOLL_VERSION, "Print the version and exit");
    app.require_subcommand(1);
    Chosen chosen;
    add_workflow_commands(app, chosen);
    add_target_commands(app, chosen);
    add_report(app, chosen);
    add_top_command(app, chosen);
    add_history_commands(app, chosen);
    add_tool_commands(app, chosen);
    add_exchange_commands(app, chosen.command);
    add_simulate_command(app, chosen.command);
    std::vector<std::string> words = all_words(count, arguments);
    // Another command line, unfinished, and not to be parsed as one.
    if (words.size() > 2 && words[1] == "complete" && words[2] == "--")
        return complete_command(read_tree(app), {words.begin() + 3, words.end()});
    words = cut_off_command(app, std::move(words), chosen);
    std::vector<std::string> reversed(words.rbegin(), words.rend() - 1);  // as CLI11 takes them
    try {
        app.parse(reversed);
    } catch (const CLI::ParseError& error) {
        const bool was_answered = error.get_exit_code() == 0;  // --help, --version
        return was_answered ? app.exit(error) : wrong_usage(app, error);
    }
    return chosen.command();
}

}  // namespace
}  // namespace plimsoll::cli

int main(int count, char** arguments) { return plimsoll::cli::parse_and_run(count, arguments); }
