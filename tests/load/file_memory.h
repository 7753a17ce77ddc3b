// SPDX-License-Identifier: Apache-2.0
// Memory that files hold: in tmpfs, where they are need like any other, and the page cache of files on disk, which
// is none.
#pragma once

#include <memory>

#include "memory.h"

namespace plimsoll::load {

/// A file in /dev/shm without a name, as long as what is held.
Result<std::unique_ptr<Memory>> tmpfs_file();

/// Touched blocks for what is held, beside a file in `folder` without a name that is written and read again, twice as
/// long as the most that was ever held. Refused where the folder itself lies in memory.
Result<std::unique_ptr<Memory>> cached_file(const std::string& folder);

}  // namespace plimsoll::load
