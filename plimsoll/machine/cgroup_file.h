// SPDX-License-Identifier: Apache-2.0
// The files of a group: writes with errors that tell a vanished group from a missing controller, and numbers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plimsoll/base/result.h"

namespace plimsoll::machine {

/// One write to a file of the group that `folder` is. not_found: there is no such group (any more); refused: more
/// of it is in use than is to be allowed; unavailable: no permission, or the group has no such file.
Result<void> write_group_file(const std::string& folder, std::string_view file, std::string_view text);

/// The number that is all of a file, or that stands behind a name in it; nothing when there is none, as in "max".
std::optional<std::uint64_t> number_in(const std::string& path);
std::optional<std::uint64_t> number_in(const std::string& path, std::string_view name);

/// The groups directly beneath the one that `folder` is, by name.
std::vector<std::string> groups_beneath(const std::string& folder);

}  // namespace plimsoll::machine
