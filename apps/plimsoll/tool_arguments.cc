// SPDX-License-Identifier: Apache-2.0
// The arguments of the commands that need no workflow file: exec, doctor, init, completion, help; and of history.
#include <fmt/format.h>

#include <algorithm>

#include <CLI/CLI.hpp>

#include "apps/plimsoll/arguments.h"
#include "apps/plimsoll/command_frame.h"
#include "apps/plimsoll/help/man_page.h"
#include "apps/plimsoll/help/read_tree.h"
#include "apps/plimsoll/misspelt.h"

namespace plimsoll::cli {
namespace {

void add_exec(CLI::App& app, Chosen& chosen) {
    CLI::App& exec = subcommand(app, chosen, "exec", "Run one command: measured, sized by its past runs, and shaped",
                                [&] { return exec_command(chosen.exec); });
    // What begins at COMMAND is cut off before the rest is parsed; it stands here for --help.
    exec.add_option("COMMAND", "The command and its arguments; behind '--' whatever they look like")->expected(0, 1);
    exec.add_option("--name", chosen.exec.name,
                    "Under which its runs gather; without it by the program and the kinds of its arguments")
        ->type_name("NAME");
    exec.add_option("--request", chosen.exec.request,
                    "What the first run is given, and later ones are not given more than: memory=8G,cpu=2,time=1h")
        ->type_name("AMOUNTS");
    add_history(exec, chosen.exec.how.history);
    add_sizing(exec, chosen.exec.how);
    add_deadline(exec, chosen.exec.how);
    exec.add_option("--json", chosen.exec.json, "Write what it used as JSON to a file, or to a descriptor by number")
        ->type_name("FILE|FD");
    exec.add_flag("-q,--quiet", chosen.exec.how.quiet, "Print nothing beside what the command prints");
}

/// `plimsoll help [COMMAND...]`
int help_command(const CLI::App& app, const std::vector<std::string>& words) {
    const CommandHelp tree = read_tree(app);
    const CommandHelp* meant = &tree;
    for (const std::string& word : words) {
        const CommandHelp* inner = meant->find(word);
        if (!inner) return fail(invalid(not_understood(*meant, word)));
        meant = inner;
    }
    print(help_text(*meant));
    return Exit::done;
}

int man_pages_command(const CLI::App& app, const std::string& folder) {
    const auto written = write_man_pages(read_tree(app), PLIMSOLL_VERSION, folder);
    return written ? Exit::done : fail(written.error());
}

CLI::App& bare_history_action(CLI::App& history, Chosen& chosen, const char* name, const char* text) {
    CLI::App& command = *history.add_subcommand(name, text);
    // The callback of `history` itself comes after this one, and acts.
    command.callback([&chosen, name] { chosen.history.action = name; });
    add_history(command, chosen.history.history);
    return command;
}

CLI::App& history_action(CLI::App& history, Chosen& chosen, const char* name, const char* text) {
    CLI::App& command = bare_history_action(history, chosen, name, text);
    command.add_flag("--json", chosen.history.json, "As JSON");
    return command;
}

void add_workflow_name(CLI::App& command, HistoryOptions& options, const char* text) {
    command.add_option("--workflow", options.workflow, text)->type_name("WORKFLOW");
}

void add_forget(CLI::App& history, Chosen& chosen) {
    HistoryOptions& options = chosen.history;
    CLI::App& forget = history_action(history, chosen, "forget", "Delete runs and what was learned from them");
    forget.add_option("RUN", options.run, "One run");
    add_workflow_name(forget, options, "All runs of this workflow");
    forget.add_option("--older-than", options.older_than, "All runs that started longer ago than this: 90d")
        ->type_name("TIME");
    forget
        .add_option(
            "--keep-size", options.keep_size,
            "The oldest first, until what is left takes no more than this; what sizes are learned from goes last")
        ->type_name("SIZE");
    forget.add_flag("--receipts", options.receipts, "Also what keeps the workflow's done work from being repeated");
}

void add_keep(CLI::App& history, Chosen& chosen) {
    HistoryOptions& options = chosen.history;
    CLI::App& keep = history_action(history, chosen, "keep", "For how long, and up to which size, runs are kept");
    keep.add_option("--for", options.keep_for, "Forget runs that started longer ago than this: 90d")->type_name("TIME");
    keep.add_option("--size", options.keep_size, "Forget the oldest where all takes more than this: 1G")
        ->type_name("SIZE");
    keep.add_flag("--all", options.keep_all, "Keep everything, as where nothing was ever set");
}

void add_export(CLI::App& history, Chosen& chosen) {
    HistoryOptions& options = chosen.history;
    CLI::App& exported =
        bare_history_action(history, chosen, "export", "Every attempt with what it was given and used, a line each");
    add_workflow_name(exported, options, "Only attempts of this workflow");
    exported.add_option("--format", options.format, "jsonl or csv (default: jsonl)")
        ->check(CLI::IsMember({"jsonl", "csv"}));
    exported.add_option("-o,--output", options.output, "Write there instead of to standard output")->type_name("FILE");
}

void add_config(CLI::App& app, Chosen& chosen) {
    CLI::App& config =
        *app.add_subcommand("config", "The queues that share this machine, and whether they are set right");
    config.require_subcommand(1);
    const auto action = [&](const char* name, const char* text) -> CLI::App& {
        CLI::App& command = subcommand(config, chosen, name, text, [&chosen, name] {
            chosen.config.action = name;
            return config_command(chosen.config);
        });
        command.add_option_function<std::string>(
            "FILE", [&chosen](const std::string& path) { chosen.config.file = path; },
            "The config file (default: $XDG_CONFIG_HOME/plimsoll/config.yaml)");
        return command;
    };
    action("check", "Find every mistake in a config file");
    action("show", "The queues, their order and the share of the machine that is due to each")
        .add_flag("--json", chosen.config.json, "As JSON");
}

}  // namespace

void add_tool_commands(CLI::App& app, Chosen& chosen) {
    add_exec(app, chosen);
    CLI::App& doctor = subcommand(app, chosen, "doctor", "What this machine offers, what it lacks, and what would help",
                                  [&] { return doctor_command(chosen.doctor); });
    add_history(doctor, chosen.doctor.history);
    doctor.add_flag("--json", chosen.doctor.json, "As JSON");
    add_config(app, chosen);
    CLI::App& init = subcommand(app, chosen, "init", "Write a commented workflow to start from",
                                [&] { return init_command(chosen.file.empty() ? "workflow.yaml" : chosen.file); });
    init.add_option("FILE", chosen.file, "Where to (default: workflow.yaml); never written over");
    CLI::App& completion =
        subcommand(app, chosen, "completion", "Print the script by which a shell completes plimsoll's arguments",
                   [&] { return completion_command(chosen.shell); });
    completion.add_option("SHELL", chosen.shell, "Which shell")
        ->required()
        ->check(CLI::IsMember({"bash", "zsh", "fish"}));
    CLI::App& help = subcommand(app, chosen, "help", "Tell how a command is used",
                                [&app, &chosen] { return help_command(app, chosen.words); });
    help.add_option("COMMAND", chosen.words, "Which one; none: what there is")->expected(0, 3);
    CLI::App& pages = subcommand(app, chosen, "man-pages", "Write the manual pages into a folder",
                                 [&app, &chosen] { return man_pages_command(app, chosen.folder); });
    pages.group("");
    pages.add_option("FOLDER", chosen.folder, "Where to")->required();
}

void add_history_commands(CLI::App& app, Chosen& chosen) {
    HistoryOptions& options = chosen.history;
    CLI::App& history = subcommand(app, chosen, "history", "What is stored of past runs, how large, and for how long",
                                   [&chosen] { return history_command(chosen.history); });
    add_history(history, options.history);
    history.add_flag("--json", options.json, "As JSON");
    add_workflow_name(history_action(history, chosen, "list", "The runs, newest first"), options,
                      "Only runs of this workflow");
    history_action(history, chosen, "show", "One run's entries and its folder")
        .add_option("RUN", options.run, "A run's id or 'last'");
    add_export(history, chosen);
    add_forget(history, chosen);
    add_keep(history, chosen);
    history_action(history, chosen, "vacuum", "Give the space of forgotten runs back to the file system");
    history_action(history, chosen, "check", "Read the whole database and say what is damaged");
    history_action(history, chosen, "set-aside", "Move a damaged database out of the way and start a new one");
}

std::size_t command_begins(const CommandHelp& exec, const std::vector<std::string>& arguments) {
    for (std::size_t at = 2; at < arguments.size(); ++at) {
        const std::string& word = arguments[at];
        if (word == "--") return at + 1;
        if (!word.starts_with('-') || word == "-") return at;
        const auto option = std::ranges::find_if(exec.options, [&](const OptionHelp& each) {
            return std::ranges::find(each.names, word) != each.names.end();
        });
        if (option != exec.options.end() && !value_of(*option).empty()) ++at;
    }
    return arguments.size();
}

}  // namespace plimsoll::cli
