// SPDX-License-Identifier: Apache-2.0
// From the tree of commands as CLI11 parses it to values.
#pragma once

#include "apps/plimsoll/help/command_help.h"

namespace CLI {
class App;
}

namespace plimsoll::cli {

/// The command with all beneath it; what is hidden (an empty group) is left out.
CommandHelp read_tree(const CLI::App& app);

}  // namespace plimsoll::cli
