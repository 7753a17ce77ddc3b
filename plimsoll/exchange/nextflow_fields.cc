// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/exchange/nextflow_fields.h"

#include <array>
#include <charconv>
#include <cmath>
#include <string>

#include "plimsoll/exchange/sacct_fields.h"

namespace plimsoll::exchange {
namespace {

// Beyond these nobody has measured; within them sums of what is read fit into 64 bits.
constexpr double bytes_most = 0x1p50;
constexpr double ms_most = 1e12;

std::optional<double> take_number(std::string_view& text) {
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
    if (error != std::errc() || !(number >= 0)) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return number;
}

void skip_blanks(std::string_view& text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
}

std::string_view take_letters(std::string_view& text) {
    std::size_t length = 0;
    while (length < text.size() &&
           ((text[length] >= 'a' && text[length] <= 'z') || (text[length] >= 'A' && text[length] <= 'Z')))
        ++length;
    const std::string_view word = text.substr(0, length);
    text.remove_prefix(length);
    return word;
}

double ms_of(std::string_view unit) {
    if (unit == "ms") return 1;
    if (unit == "s") return 1e3;
    if (unit == "m") return 60e3;
    if (unit == "h") return 3600e3;
    if (unit == "d") return 86400e3;
    return 0;
}

std::optional<double> whole_number(std::string_view text) {
    const auto number = take_number(text);
    return text.empty() ? number : std::nullopt;
}

}  // namespace

std::optional<Bytes> nextflow_bytes(std::string_view text) {
    constexpr std::array<std::string_view, 6> units = {"B", "KB", "MB", "GB", "TB", "PB"};
    const auto number = take_number(text);
    if (!number) return std::nullopt;
    skip_blanks(text);
    double factor = 1;
    if (!text.empty()) {
        std::size_t at = 0;
        while (at < units.size() && units[at] != text) ++at;
        if (at == units.size()) return std::nullopt;
        factor = std::exp2(10 * static_cast<double>(at));
    }
    if (!(*number * factor <= bytes_most)) return std::nullopt;
    return Bytes{std::llround(*number * factor)};
}

std::optional<Duration> nextflow_duration(std::string_view text) {
    if (const auto ms = whole_number(text))
        return *ms <= ms_most ? std::optional(from_seconds(*ms / 1e3)) : std::nullopt;
    double total = 0;
    do {
        const auto number = take_number(text);
        if (!number) return std::nullopt;
        const double unit = ms_of(take_letters(text));
        if (unit == 0) return std::nullopt;
        total += *number * unit;
        skip_blanks(text);
    } while (!text.empty());
    return total <= ms_most ? std::optional(from_seconds(total / 1e3)) : std::nullopt;
}

std::optional<WallTime> nextflow_time(std::string_view text) {
    if (const auto ms = whole_number(text)) {
        constexpr double latest_ms = 5680281600e3;  // the year 2150, as for other instants
        if (*ms > latest_ms) return std::nullopt;
        return WallTime(std::chrono::milliseconds(std::llround(*ms)));
    }
    if (text.size() < 19 || text[10] != ' ') return std::nullopt;
    std::string with_t(text.substr(0, 19));
    with_t[10] = 'T';
    const auto second = sacct_time(with_t);
    const auto fraction = text.size() > 19 ? whole_number(text.substr(19)) : std::optional(0.0);
    if (!second || !fraction || *fraction >= 1) return std::nullopt;
    return *second + std::chrono::duration_cast<Duration>(std::chrono::duration<double>(*fraction));
}

std::optional<double> nextflow_percent(std::string_view text) {
    if (text.ends_with('%')) text.remove_suffix(1);
    const auto number = whole_number(text);
    return number && *number <= 1e7 ? number : std::nullopt;
}

}  // namespace plimsoll::exchange
