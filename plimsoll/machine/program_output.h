// SPDX-License-Identifier: Apache-2.0
// Runs a program to its end and gives what it said: for questions to other programs, before there are tasks.
#pragma once

#include <string>
#include <vector>

#include "plimsoll/base/result.h"

namespace plimsoll::machine {

struct ProgramOutput {
    int code = 0;     ///< its exit code; 128 and more: the signal that ended it
    std::string out;  ///< without blanks at its end
    std::string err;  ///< likewise
};

/// `words.front()` is the program's path. It gets our environment and an empty standard input. Not while somebody in
/// this process reaps every child. unavailable: it cannot be started.
Result<ProgramOutput> program_output(const std::vector<std::string>& words);

}  // namespace plimsoll::machine
