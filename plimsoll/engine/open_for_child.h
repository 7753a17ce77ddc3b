// SPDX-License-Identifier: Apache-2.0
// Descriptors that become a child's standard streams.
#pragma once

#include <string>

#include "plimsoll/base/file.h"

namespace plimsoll::engine {

/// As open_file, but never one of the standard streams: where ours are closed, 0 to 2 would be given out,
/// and connecting the child's streams would overwrite them.
Result<Fd> open_for_child(const std::string& path, int flags, unsigned mode = 0600);

}  // namespace plimsoll::engine
