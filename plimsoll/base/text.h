// SPDX-License-Identifier: Apache-2.0
// Text as users meet it: shell and HTML quoting, the nearest name to a misspelt one, glob patterns.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace plimsoll {

/// One shell word that stands for exactly this text: left bare where that is safe, else in single quotes.
std::string shell_quote(std::string_view text);

/// Text that stands for itself in HTML, in an element or a quoted attribute.
std::string html_escaped(std::string_view text);

/// The words of a simple command line: blanks separate, quotes and backslashes protect, as POSIX sh reads
/// them. Gives nothing when the line needs a shell: operators, expansions, globs, redirections, comments,
/// assignments before the command, keywords and builtins, an open quote, or no word at all.
std::optional<std::vector<std::string>> simple_command(std::string_view line);

/// The candidate that was most likely meant: edit distance (with transpositions) at most a third of the
/// length, rounded up; or the only one that begins with three letters or more of that name. Nothing when none is near.
std::optional<std::string_view> nearest_name(std::string_view name, std::span<const std::string> candidates);

/// Does the path match the glob pattern? '*' and '?' stay within one path component, '**' crosses them,
/// [a-z] and [!a-z] choose characters, {a,b} is not special.
bool glob_matches(std::string_view pattern, std::string_view path);
bool is_glob(std::string_view text);

std::vector<std::string_view> split(std::string_view text, char separator);
std::string join(std::span<const std::string> parts, std::string_view separator);

}  // namespace plimsoll
