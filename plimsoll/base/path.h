// SPDX-License-Identifier: Apache-2.0
// Where a path leads that a workflow names: relative ones start from a folder. Text alone; no file is looked at.
#pragma once

#include <string>
#include <string_view>

namespace plimsoll {

/// The path as it is where it begins with '/', else as seen from the folder; of no path the folder itself.
std::string resolved_path(std::string_view folder, std::string_view path);

}  // namespace plimsoll
