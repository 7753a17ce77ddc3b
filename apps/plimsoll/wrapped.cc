// SPDX-License-Identifier: Apache-2.0
#include "apps/plimsoll/wrapped.h"

#include "plimsoll/base/text.h"

namespace plimsoll::cli {

std::string wrapped(std::string_view text, std::size_t column, std::size_t indent, std::size_t width) {
    std::string all;
    bool is_first_word = true;
    for (const std::string_view word : split(text, ' ')) {
        if (word.empty()) continue;
        if (!is_first_word && column + 1 + word.size() > width) {
            all += "\n" + std::string(indent, ' ');
            column = indent;
        } else if (!is_first_word) {
            all += ' ';
            ++column;
        }
        all += word;
        column += word.size();
        is_first_word = false;
    }
    return all + "\n";
}

}  // namespace plimsoll::cli
