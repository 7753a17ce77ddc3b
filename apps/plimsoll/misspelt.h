// SPDX-License-Identifier: Apache-2.0
// What to say of a word on the command line that means nothing there.
#pragma once

#include <string>

#include "apps/plimsoll/help/command_help.h"

namespace plimsoll::cli {

/// Names the command and the word, and the nearest of what could have been meant, or where all of it is listed.
std::string not_understood(const CommandHelp& command, const std::string& word);

}  // namespace plimsoll::cli
