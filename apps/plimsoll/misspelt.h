// SPDX-License-Identifier: Apache-2.0
// What to say of a word on the command line that means nothing there.
#pragma once

#include <string>
#include <vector>

namespace plimsoll::cli {

/// A command and what may follow it.
struct Command {
    std::string name;                   ///< "plimsoll run"
    std::vector<std::string> commands;  ///< of its own: "list", "show"
    std::vector<std::string> options;   ///< "--force"; of a flag with a short name both
};

/// Names the command and the word, and the nearest of what could have been meant, or where all of it is listed.
std::string not_understood(const Command& command, const std::string& word);

}  // namespace plimsoll::cli
