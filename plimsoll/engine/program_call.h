// SPDX-License-Identifier: Apache-2.0
// From a command line to a program and its words: without a shell where the line needs none.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "plimsoll/base/result.h"

namespace plimsoll::engine {

struct ProgramCall {
    std::string program;  ///< path for exec
    std::vector<std::string> words;
    bool is_looked_up = false;  ///< found on PATH, and remembered
};

/// Where a command is to run.
struct CommandPlace {
    std::string_view path;     ///< PATH of the task
    std::string_view workdir;  ///< absolute; relative parts of PATH start here
};

/// The words that run the command: those of `shell` and the command, its own where it needs none, or sh's.
/// invalid: `shell` is not a simple command.
Result<std::vector<std::string>> command_words(const std::string& command, const std::string& shell);

/// The words that run these after a line of sh has succeeded, in the same process; `before` "": these.
std::vector<std::string> words_after(const std::string& before, std::vector<std::string> words);

class Programs {
public:
    /// `shell` as in Launch. not_found: there is no such program on PATH; invalid: `shell` is not a simple command.
    Result<ProgramCall> call(const std::string& command, const std::string& shell, CommandPlace place);
    /// The command run by sh whether it needs it or not, as a script without a #! line does.
    Result<ProgramCall> call_through_sh(const std::string& command, CommandPlace place);
    /// These words and no others: no shell reads them.
    Result<ProgramCall> call_exactly(std::vector<std::string> words, CommandPlace place) {
        return call_words(std::move(words), place);
    }
    /// The next look-up searches PATH again: the program has moved.
    void forget() { found_.clear(); }

private:
    Result<ProgramCall> call_words(std::vector<std::string> words, CommandPlace place);

    std::unordered_map<std::string, std::string> found_;  ///< by PATH and name
};

}  // namespace plimsoll::engine
