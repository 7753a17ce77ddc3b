// SPDX-License-Identifier: Apache-2.0
// What may stand next on a command line, for shell completion. The shells' own scripts are a few lines each: they hand
// the words over and show what comes back.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "apps/plimsoll/help/command_help.h"

namespace plimsoll::cli {

struct Candidate {
    std::string word;
    std::string says;  ///< shown beside it where the shell can
};

struct Offered {
    std::vector<Candidate> words;
    bool files = false;  ///< names of files as well; the shell knows them best
    /// > 0: from this word on (the program's own being 0) it is another program's command line.
    std::size_t command_at = 0;
};

/// What is looked up only when it is asked for; nothing where it cannot be known.
struct Lookups {
    std::function<std::vector<Candidate>(const std::string& history)> runs;
    std::function<std::vector<Candidate>(const std::string& history)> workflows;
    std::function<std::vector<Candidate>(const std::string& history, const std::string& run)> tasks;
    std::function<std::vector<Candidate>(const std::string& file)> steps;
};

/// `words`: those after the program's name, the last being the one that is typed just now, "" where it has not begun.
Offered complete(const CommandHelp& program, std::span<const std::string> words, const Lookups& lookups);

/// The script that a shell reads, for "bash", "zsh" or "fish".
std::string completion_script(const std::string& shell);

}  // namespace plimsoll::cli
