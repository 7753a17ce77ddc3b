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

/// v2: hands a controller down to the group `name` from the top of its hierarchy, so far as that is allowed.
void hand_down_controller(const std::string& hierarchy, const std::string& name, std::string_view controller);

/// The folders directly beneath one, by name: the groups beneath a group.
std::vector<std::string> folders_in(const std::string& folder);

}  // namespace plimsoll::machine
