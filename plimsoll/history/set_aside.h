// SPDX-License-Identifier: Apache-2.0
// A damaged history is kept, not deleted.
#pragma once

#include <string>

#include "plimsoll/base/result.h"
#include "plimsoll/base/time.h"

namespace plimsoll::history {

/// Renames the database and what belongs to it (-wal, -shm, -journal) to PATH.damaged-20261121T044742Z, with
/// a number behind it where that is taken. Gives the new path.
Result<std::string> set_aside(const std::string& path, WallTime now);

}  // namespace plimsoll::history
