// SPDX-License-Identifier: Apache-2.0
// The terminal that a descriptor leads to: what it can do, and how large it is now.
#pragma once

#include <cstddef>
#include <optional>

#include "plimsoll/view/page.h"

namespace plimsoll::cli {

/// Is it a terminal that can draw, and are we allowed to? TERM=dumb, or none, says no.
bool can_draw(int fd);

/// The page that a view may fill on it now: one column less than there are, since a full line is broken by some, and
/// two lines less (the cursor's own, and what stood before). By NO_COLOR without colour; ASCII alone unless the locale
/// is UTF-8. Nothing while we are in its background, where drawing would be on top of others' text.
std::optional<view::Page> page_of(int fd);

/// How many columns tables and sentences may take; 0 where what is printed goes to no terminal.
std::size_t columns_for_text(int fd);

}  // namespace plimsoll::cli
