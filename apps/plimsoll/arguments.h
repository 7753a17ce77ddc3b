// SPDX-License-Identifier: Apache-2.0
// How arguments are spelt: what main.cc and the files beside it that add commands share.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "apps/plimsoll/commands.h"
#include "apps/plimsoll/help/command_help.h"

namespace CLI {
class App;
}

namespace plimsoll::cli {

/// What was asked for, set by the callback of the subcommand that was named.
struct Chosen {
    RunOptions run;
    ExecOptions exec;
    CheckOptions check;
    PredictOptions predict;
    TargetOptions target;
    ReportOptions report;
    TopOptions top;
    HistoryOptions history;
    DoctorOptions doctor;
    ConfigOptions config;
    std::string file;                ///< of init
    std::string shell;               ///< of completion
    std::string folder;              ///< of man-pages
    std::vector<std::string> words;  ///< of help
    std::function<int()> command;
};

CLI::App& subcommand(CLI::App& app, Chosen& chosen, const char* name, const char* text, std::function<int()> act);
void add_history(CLI::App& command, std::optional<std::string>& history);
/// --risk, in words or as a number.
void add_risk(CLI::App& command, std::optional<Risk>& risk, const char* text);
/// How sizes are chosen, what may be held, and what is done to a task while it runs: of `run` and of `exec`.
void add_sizing(CLI::App& command, RunOptions& options);

/// --deadline: of `run` and of `exec`.
void add_deadline(CLI::App& command, RunOptions& options);

/// history and its actions.
void add_history_commands(CLI::App& app, Chosen& chosen);
/// exec, doctor, config, init, completion, help.
void add_tool_commands(CLI::App& app, Chosen& chosen);

/// Where the command of `exec` begins among the arguments (0: the program's name): behind "--", or at the first word
/// that is neither an option of exec nor the value of one. The count of arguments where there is none.
std::size_t command_begins(const CommandHelp& exec, const std::vector<std::string>& arguments);

}  // namespace plimsoll::cli
