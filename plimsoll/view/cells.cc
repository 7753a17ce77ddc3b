// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/view/cells.h"

#include <locale.h>
#include <wchar.h>

#include <algorithm>
#include <cstddef>

namespace plimsoll::view {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD

/// The character at the beginning of the text; size 0 where that is no UTF-8 (RFC 3629).
struct Character {
    char32_t code = 0;
    std::size_t size = 0;
};

Character first_of(std::string_view text) {
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
    const unsigned char head = byte(0);
    if (head < 0x80) return {head, 1};
    const std::size_t size = head >= 0xC2 && head < 0xE0   ? 2
                             : head >= 0xE0 && head < 0xF0 ? 3
                             : head >= 0xF0 && head < 0xF5 ? 4
                                                           : 0;
    if (size == 0 || text.size() < size) return {};
    char32_t code = head & (0x7FU >> size);
    for (std::size_t at = 1; at < size; ++at) {
        if ((byte(at) & 0xC0) != 0x80) return {};
        code = code << 6 | (byte(at) & 0x3F);
    }
    constexpr char32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    const bool is_surrogate = code >= 0xD800 && code < 0xE000;
    if (code < least[size] || code > 0x10FFFF || is_surrogate) return {};
    return {code, size};
}

/// The C library's own table of widths, whatever locale the user has, for as long as this lives.
class Widths {
public:
    Widths() : before_(table() ? ::uselocale(table()) : nullptr) {}
    ~Widths() {
        if (before_) ::uselocale(before_);
    }
    Widths(const Widths&) = delete;
    Widths& operator=(const Widths&) = delete;
    int of(char32_t code) const {
        if (code < 0x80 || !before_) return 1;
        return std::max(0, ::wcwidth(static_cast<wchar_t>(code)));
    }

private:
    static locale_t table() {
        static const locale_t made = ::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
        return made;
    }
    locale_t before_;
};

bool is_ascii(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

}  // namespace

std::string printable(std::string_view text) {
    std::string plain;
    while (!text.empty()) {
        const Character next = first_of(text);
        const bool is_c0 = next.size == 1 && (next.code < ' ' || next.code == 0x7F);
        const bool is_c1 = next.code >= 0x80 && next.code < 0xA0;
        // Marks that turn the direction of writing around would turn the rest of the line with it.
        const bool turns = (next.code >= 0x202A && next.code <= 0x202E) || (next.code >= 0x2066 && next.code <= 0x2069);
        if (is_c0) plain += {'^', static_cast<char>(next.code ^ '@')};
        else if (next.size == 0 || is_c1 || turns) plain += replacement;
        else plain += text.substr(0, next.size);
        text.remove_prefix(std::max<std::size_t>(next.size, 1));
    }
    return plain;
}

int columns_of(std::string_view text) {
    if (is_ascii(text)) return static_cast<int>(text.size());
    const Widths widths;
    int columns = 0;
    while (!text.empty()) {
        const Character next = first_of(text);
        columns += next.size == 0 ? 1 : widths.of(next.code);
        text.remove_prefix(std::max<std::size_t>(next.size, 1));
    }
    return columns;
}

std::string cut(std::string_view text, int columns, std::string_view mark) {
    if (columns <= 0) return {};
    if (columns_of(text) <= columns) return std::string(text);
    const Widths widths;
    int taken = 0;
    std::size_t end = 0;
    while (end < text.size()) {
        const Character next = first_of(text.substr(end));
        const int width = next.size == 0 ? 1 : widths.of(next.code);
        if (taken + width > columns - 1) break;
        taken += width;
        end += std::max<std::size_t>(next.size, 1);
    }
    return std::string(text.substr(0, end)).append(mark);
}

std::string cut_before(std::string_view text, int columns, int last, std::string_view mark) {
    int left = columns_of(text);
    if (left <= columns || last >= columns) return cut(text, columns, mark);
    const Widths widths;
    std::string_view end = text;
    while (left > std::max(last, 0) && !end.empty()) {
        const Character next = first_of(end);
        left -= next.size == 0 ? 1 : widths.of(next.code);
        end.remove_prefix(std::max<std::size_t>(next.size, 1));
    }
    return cut(text, columns - left, mark).append(end);
}

std::string left_in(std::string_view text, int columns, std::string_view mark) {
    std::string fitted = cut(text, columns, mark);
    fitted.append(static_cast<std::size_t>(std::max(0, columns - columns_of(fitted))), ' ');
    return fitted;
}

std::string right_in(std::string_view text, int columns, std::string_view mark) {
    const std::string fitted = cut(text, columns, mark);
    return std::string(static_cast<std::size_t>(std::max(0, columns - columns_of(fitted))), ' ').append(fitted);
}

}  // namespace plimsoll::view
