// SPDX-License-Identifier: Apache-2.0
// Template: text with placeholders, {name}, {name.part}, {name:raw}, taken apart. What the names stand
// for is scope.h's.
//
// A brace is a placeholder's only in the form {identifier(.identifier)*(:word)?} and not after a '$', so
// that ${HOME}, awk's {print $1} and {a,b} stay as they are. '{{' gives '{', and the '}}' that follows it
// gives '}'; a '}}' without a '{{' before stays, because nested awk and ${a:-${b}} end that way.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "plimsoll/workflow/problem.h"
#include "plimsoll/workflow/shell_quotes.h"

namespace plimsoll::workflow {

struct Placeholder {
    std::vector<std::string> path;  ///< {"input", "bam", "stem"}
    std::string modifier;           ///< "raw", or ""
    std::string written;            ///< "{input.bam.stem:raw}"
    int nth = 0;                    ///< how many of the same stand before it in the template
    ShellQuotes::Within within = ShellQuotes::Within::words;
    bool operator==(const Placeholder&) const = default;
};

using Piece = std::variant<std::string, Placeholder>;

struct Template {
    std::string source;
    Mark mark;
    std::vector<Piece> pieces;
};

/// Any text is a template.
Template parse_template(std::string source, Mark mark);

/// A text that stands for itself, braces and all.
Template literal_template(std::string text, Mark mark);

bool has_placeholders(const Template& text);
/// Does a placeholder begin with this name?
bool mentions(const Template& text, std::string_view root);

}  // namespace plimsoll::workflow
