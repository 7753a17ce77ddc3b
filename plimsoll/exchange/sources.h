// SPDX-License-Identifier: Apache-2.0
// What can be imported: the family's table.
#pragma once

#include <span>
#include <string_view>

#include "plimsoll/exchange/imported.h"
#include "plimsoll/exchange/pieces.h"

namespace plimsoll::exchange {

struct Source {
    std::string_view name;  ///< as users write it
    std::string_view what;  ///< what its files are
    Result<void> (*read)(Lines& lines, const ReadOptions& options, Into& into);
};

std::span<const Source> sources();
/// Null for other names.
const Source* find_source(std::string_view name);

}  // namespace plimsoll::exchange
