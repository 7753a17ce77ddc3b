// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/base/units.h"

#include <fmt/format.h>

#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <optional>

namespace plimsoll {
namespace {

struct UnitFactor {
    std::string_view name;
    double factor;
};

constexpr UnitFactor byte_units[] = {
    {"", 1},         {"B", 1},       {"K", 0x1p10},  {"KiB", 0x1p10}, {"kB", 1e3},    {"KB", 1e3},   {"M", 0x1p20},
    {"MiB", 0x1p20}, {"MB", 1e6},    {"G", 0x1p30},  {"GiB", 0x1p30}, {"GB", 1e9},    {"T", 0x1p40}, {"TiB", 0x1p40},
    {"TB", 1e12},    {"Ki", 0x1p10}, {"Mi", 0x1p20}, {"Gi", 0x1p30},  {"Ti", 0x1p40},
};
constexpr UnitFactor core_units[] = {{"", 1}, {"m", 1e-3}, {"core", 1}, {"cores", 1}};
constexpr UnitFactor time_units[] = {
    {"ms", 1e-3},   {"s", 1},        {"sec", 1},     {"second", 1},   {"seconds", 1},
    {"m", 60},      {"min", 60},     {"minute", 60}, {"minutes", 60}, {"h", 3600},
    {"hour", 3600}, {"hours", 3600}, {"d", 86400},   {"day", 86400},  {"days", 86400},
};

std::string_view skip_space(std::string_view text) {
    while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front()))) text.remove_prefix(1);
    while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back()))) text.remove_suffix(1);
    return text;
}

/// Takes a number off the front; nothing when there is none or when it is not a finite amount.
std::optional<double> take_number(std::string_view& text) {
    text = skip_space(text);
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
    if (error != std::errc() || !std::isfinite(number)) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return number;
}

std::string_view take_word(std::string_view& text) {
    text = skip_space(text);
    std::size_t length = 0;
    while (length < text.size() && std::isalpha(static_cast<unsigned char>(text[length]))) ++length;
    const std::string_view word = text.substr(0, length);
    text = skip_space(text.substr(length));
    return word;
}

template <std::size_t N>
std::optional<double> factor_of(const UnitFactor (&table)[N], std::string_view name) {
    for (const UnitFactor& unit : table)
        if (unit.name == name) return unit.factor;
    return std::nullopt;
}

/// A number and a unit out of the table; `what` and `units` make the sentence when it is neither.
template <std::size_t N>
Result<double> parse_amount(std::string_view text, const UnitFactor (&table)[N], std::string_view what,
                            std::string_view units) {
    std::string_view rest = text;
    const std::optional<double> number = take_number(rest);
    if (!number) return invalid(fmt::format("'{}' is not {}; write a number and {}", text, what, units));
    if (*number < 0) return invalid(fmt::format("'{}' is negative; {} must be 0 or more", text, what));
    const std::string_view unit = skip_space(rest);
    const std::optional<double> factor = factor_of(table, unit);
    if (!factor) return invalid(fmt::format("unknown unit '{}' in '{}'; use {}", unit, text, units));
    return *number * *factor;
}

/// "1:30" or "1:30:00"; nothing when the text is not of that form.
std::optional<double> parse_clock_time(std::string_view text) {
    double total = 0;
    int parts = 0;
    while (true) {
        const std::optional<double> part = take_number(text);
        if (!part || *part < 0) return std::nullopt;
        total = total * 60 + *part;
        ++parts;
        if (text.empty()) break;
        if (text.front() != ':') return std::nullopt;
        text.remove_prefix(1);
    }
    if (parts < 2 || parts > 3) return std::nullopt;
    return parts == 2 ? total * 60 : total;  // h:m, as Slurm and people write it
}

std::string three_digits(double value) {
    const int decimals = value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
    return fmt::format("{:.{}f}", value, decimals);
}

}  // namespace

Result<Bytes> parse_bytes(std::string_view text) {
    const double count =
        PLIM_TRY(parse_amount(skip_space(text), byte_units, "an amount of memory", "B, KiB, MiB, GiB or TiB"));
    if (count > 0x1p62) return invalid(fmt::format("'{}' is more than any machine has", text));
    return Bytes{std::llround(count)};
}

Result<Cores> parse_cores(std::string_view text) {
    return Cores{
        PLIM_TRY(parse_amount(skip_space(text), core_units, "an amount of cores", "no unit, or m for thousandths"))};
}

Result<Duration> parse_duration(std::string_view text) {
    text = skip_space(text);
    if (text.find(':') != std::string_view::npos) {
        if (const auto clock_time = parse_clock_time(text)) return from_seconds(*clock_time);
        return invalid(fmt::format("'{}' is not a time; write h:m:s, or a number and ms, s, min, h or days", text));
    }
    double total = 0;
    std::string_view rest = text;
    do {
        const std::optional<double> number = take_number(rest);
        if (!number) return invalid(fmt::format("'{}' is not a time; write a number and ms, s, min, h or days", text));
        if (*number < 0) return invalid(fmt::format("'{}' is negative; a time must be 0 or more", text));
        const std::string_view unit = take_word(rest);
        const std::optional<double> factor = unit.empty() && rest.empty() ? 1.0 : factor_of(time_units, unit);
        if (!factor) return invalid(fmt::format("unknown unit '{}' in '{}'; use ms, s, min, h or days", unit, text));
        total += *number * *factor;
    } while (!rest.empty());
    return from_seconds(total);
}

std::string format(Bytes amount) {
    constexpr std::array names = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    double value = static_cast<double>(amount.count);
    std::size_t step = 0;
    while (std::abs(value) >= 999.5 && step + 1 < names.size()) value /= 1024, ++step;
    if (step == 0) return fmt::format("{} B", amount.count);
    return value < 0 ? "-" + three_digits(-value) + " " + names[step] : three_digits(value) + " " + names[step];
}

std::string format(Cores amount) {
    std::string text = fmt::format("{:.2f}", amount.count);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
    return text;
}

std::string format(Duration span) {
    const double total = seconds(span);
    if (total < 99.95) return three_digits(total) + " s";
    const auto whole = std::llround(total);
    if (whole < 3600) return fmt::format("{}m {:02}s", whole / 60, whole % 60);
    return fmt::format("{}h {:02}m", whole / 3600, whole % 3600 / 60);
}

}  // namespace plimsoll
