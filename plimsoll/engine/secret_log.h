// SPDX-License-Identifier: Apache-2.0
// The log of an attempt that is given secrets. What it prints goes to a file without a name, which nobody else can
// open and which is gone with its last writer, however that ends; only what has been masked gets a name.
#pragma once

#include <string>
#include <vector>

#include "plimsoll/base/file.h"

namespace plimsoll::engine {

/// A nameless file for a child to write to, on the disk of this folder (made where it is missing).
Result<Fd> open_secret_log(const std::string& folder);

/// Copies it to `path` with the values masked; nothing is made of an empty one.
Result<void> keep_masked(const Fd& log, const std::string& path, std::vector<std::string> values);

}  // namespace plimsoll::engine
