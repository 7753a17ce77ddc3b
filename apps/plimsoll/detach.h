// SPDX-License-Identifier: Apache-2.0
// --detach: the same command line again, in the background and in a session of its own.
#pragma once

#include "apps/plimsoll/commands.h"
#include "plimsoll/base/result.h"

namespace plimsoll::cli {

/// Starts it, waits until the run is recorded or has ended, and prints the run's id.
Result<int> detach(const std::string& history_path);

}  // namespace plimsoll::cli
