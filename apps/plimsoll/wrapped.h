// SPDX-License-Identifier: Apache-2.0
// Text in lines that fit a terminal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace plimsoll::cli {

/// The columns at which people's terminals are right without asking.
inline constexpr std::size_t screen_width = 80;

/// The words in lines that end at `width`, the last with its newline; the first goes on at `column`, each further one
/// begins with `indent` blanks. A longer word has a line of its own.
std::string wrapped(std::string_view text, std::size_t column, std::size_t indent, std::size_t width = screen_width);

}  // namespace plimsoll::cli
