// SPDX-License-Identifier: Apache-2.0
// Text as a terminal shows it: in columns. Wide characters take two of them, combining ones none; names of tasks may
// hold any bytes.
#pragma once

#include <string>
#include <string_view>

namespace plimsoll::view {

/// The text without what would move the cursor: control characters as ^X, bytes that are no UTF-8 as U+FFFD.
std::string printable(std::string_view text);
/// The columns that a printable text takes.
int columns_of(std::string_view text);
/// The text in at most so many columns; where it is longer it ends in `mark`, itself one column wide.
std::string cut(std::string_view text, int columns, std::string_view mark = "~");
/// As `cut`, but the last columns stay: "align_r~[s12]".
std::string cut_before(std::string_view text, int columns, int last, std::string_view mark = "~");
/// In exactly so many columns: cut or padded on the right, or on the left.
std::string left_in(std::string_view text, int columns, std::string_view mark = "~");
std::string right_in(std::string_view text, int columns, std::string_view mark = "~");

}  // namespace plimsoll::view
