// SPDX-License-Identifier: Apache-2.0
// Runs taken out of a history, and what folders hold. Internal to `history`.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "plimsoll/base/result.h"
#include "plimsoll/base/units.h"
#include "plimsoll/history/location.h"
#include "plimsoll/history/sqlite.h"

namespace plimsoll::history {

using NumberedRun = std::pair<std::int64_t, RunId>;

/// With all that belongs to it, its folder first.
Result<void> forget_run(Connection& connection, const NumberedRun& run, const RunPaths& paths);

/// One that is not there is deleted.
Result<void> delete_folder(const std::string& folder);

/// What the files beneath it take on the disk; 0 where it is not there.
Bytes size_of_folder(const std::string& folder);

}  // namespace plimsoll::history
