// SPDX-License-Identifier: Apache-2.0
// The shape of the database and how an older one becomes the present one. docs/reference/history.md
// describes the tables for readers. Internal to `history`.
#pragma once

#include <span>
#include <string_view>

#include "plimsoll/base/result.h"
#include "plimsoll/history/sqlite.h"

namespace plimsoll::history {

/// migrations()[n] turns version n into version n + 1; never edited once released.
std::span<const std::string_view> migrations();

/// Brings the database to the last of the versions, in one transaction, or leaves it as it was. Errors:
/// refused when it is newer than that, damaged when it is a database of somebody else's.
Result<void> migrate(Connection& connection, std::span<const std::string_view> versions);
/// The same checks without writing: an older version is an error as well.
Result<void> check_version(Connection& connection, std::span<const std::string_view> versions);

}  // namespace plimsoll::history
