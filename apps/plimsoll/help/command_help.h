// SPDX-License-Identifier: Apache-2.0
// What a command is called, takes and does, as values: the one source of --help, the man pages, shell completion and
// the answers to what is misspelt.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "apps/plimsoll/wrapped.h"

namespace plimsoll::cli {

/// An option or, without names, an argument by its place.
struct OptionHelp {
    std::vector<std::string> names;    ///< "-k", "--keep-going"
    std::string value;                 ///< "FILE", "STEP": what it takes; "" of a flag. Completion goes by it
    std::vector<std::string> choices;  ///< what the value may be; empty: anything
    std::string text;
    bool is_required = false;
    bool repeats = false;  ///< may take several values
};

/// A command line, and what it is good for.
struct Example {
    std::string line;
    std::string says;  ///< "" where the line speaks for itself
};

struct CommandHelp {
    std::string name;  ///< "plimsoll run"
    std::string text;  ///< one sentence
    std::vector<OptionHelp> arguments;
    std::vector<OptionHelp> options;
    std::vector<CommandHelp> commands;
    std::vector<Example> examples;
    bool needs_command = false;  ///< is one of them to be named?

    /// The command of that last word of its name; null when there is none.
    const CommandHelp* find(std::string_view word) const;
    /// "run" of "plimsoll run".
    std::string_view last_word() const;
};

/// "FILE", "[RUN]", "COMMAND [ARGUMENT...]" after the command's name.
std::string usage_of(const CommandHelp& command);
/// What an option's value is shown as: "FILE", "full|flat|off"; "" of a flag.
std::string value_of(const OptionHelp& option);
/// "-k, --keep-going", "--set NAME=VALUE".
std::string spelling_of(const OptionHelp& option);

/// Those of the table in examples.cc; empty where it has none.
std::vector<Example> examples_of(std::string_view command);

/// The answer to --help, in lines of at most `width` columns.
std::string help_text(const CommandHelp& command, std::size_t width = screen_width);

}  // namespace plimsoll::cli
