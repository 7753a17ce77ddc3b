// SPDX-License-Identifier: Apache-2.0
// What stands in a folder of /proc, /sys or /dev.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace plimsoll::machine {

/// The names that begin so, in order, but for hidden ones; none where the folder cannot be read.
std::vector<std::string> names_in(const std::string& folder, std::string_view prefix = {});

}  // namespace plimsoll::machine
