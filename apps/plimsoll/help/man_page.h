// SPDX-License-Identifier: Apache-2.0
// Manual pages in man(7), from the same values as --help.
#pragma once

#include <string>

#include "apps/plimsoll/help/command_help.h"
#include "plimsoll/base/result.h"

namespace plimsoll::cli {

/// The page of one command: of "plimsoll history list", plimsoll-history-list(1).
std::string man_page(const CommandHelp& command, const std::string& version);

/// A page for the program and for each of its commands, written into `folder`, which is made where it is missing.
Result<void> write_man_pages(const CommandHelp& program, const std::string& version, const std::string& folder);

}  // namespace plimsoll::cli
