// SPDX-License-Identifier: Apache-2.0
// What to say of a word on the command line that means nothing there.
#pragma once

#include <string>

#include "apps/plimsoll/help/command_help.h"

namespace plimsoll::cli {

/// Names the command and the word, and the nearest of what could have been meant, or where all of it is listed.
std::string not_understood(const CommandHelp& command, const std::string& word);

/// "--shape: ful not in {full,flat,off}", as CLI11 says it, with the nearest; any other text as it is.
std::string with_nearest_choice(const std::string& error);

}  // namespace plimsoll::cli
