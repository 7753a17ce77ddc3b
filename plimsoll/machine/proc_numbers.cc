// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/machine/proc_numbers.h"

#include <algorithm>
#include <charconv>

namespace plimsoll::machine {
namespace {

constexpr bool separates(char c) { return c == ' ' || c == '\t' || c == ':'; }

/// The number behind "name=" among the words of a line.
std::optional<std::uint64_t> named(std::string_view line, std::string_view name) {
    for (std::string_view word = take_word(line); !word.empty(); word = take_word(line)) {
        if (word.size() <= name.size() || !word.starts_with(name) || word[name.size()] != '=') continue;
        word.remove_prefix(name.size() + 1);
        return take_number(word);
    }
    return std::nullopt;
}

}  // namespace

std::string_view take_line(std::string_view& text) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return line;
}

std::string_view take_word(std::string_view& text) {
    std::size_t begin = 0;
    while (begin < text.size() && separates(text[begin])) ++begin;
    std::size_t end = begin;
    while (end < text.size() && !separates(text[end])) ++end;
    const std::string_view word = text.substr(begin, end - begin);
    text.remove_prefix(end);
    return word;
}

std::optional<std::uint64_t> take_number(std::string_view& text) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{}) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return number;
}

int read_numbers(std::string_view text, std::span<const WantedNumber> wanted) {
    std::uint64_t seen = 0;  // bit n: wanted[n]
    int found = 0;
    while (!text.empty() && found < static_cast<int>(wanted.size())) {
        std::string_view line = take_line(text);
        const std::string_view name = take_word(line);
        for (std::size_t at = 0; at < wanted.size(); ++at) {
            if (wanted[at].name != name || (seen >> at & 1) != 0) continue;
            std::string_view value = take_word(line);
            if (const auto number = take_number(value)) {
                *wanted[at].number = *number;
                seen |= std::uint64_t{1} << at;
                ++found;
            }
            break;
        }
    }
    return found;
}

std::string value_behind(std::string_view text, std::string_view name) {
    while (!text.empty()) {
        std::string_view line = take_line(text);
        if (!line.starts_with(name)) continue;
        line.remove_prefix(name.size());
        const std::size_t begin = line.find_first_not_of(" \t:");
        if (begin != std::string_view::npos) return std::string(line.substr(begin));
    }
    return {};
}

std::optional<std::uint64_t> single_number(std::string_view text) {
    const auto number = take_number(text);
    return text.empty() || text == "\n" ? number : std::nullopt;
}

std::optional<std::uint64_t> pressure_total_us(std::string_view text) {
    while (!text.empty()) {
        std::string_view line = take_line(text);
        if (take_word(line) == "some") return named(line, "total");
    }
    return std::nullopt;
}

DiskTraffic disk_traffic_v2(std::string_view text) {
    DiskTraffic sum;
    while (!text.empty()) {
        const std::string_view line = take_line(text);
        sum.bytes.read += named(line, "rbytes").value_or(0);
        sum.bytes.written += named(line, "wbytes").value_or(0);
        sum.operations.read += named(line, "rios").value_or(0);
        sum.operations.written += named(line, "wios").value_or(0);
    }
    return sum;
}

ReadAndWritten disk_counts_v1(std::string_view text) {
    ReadAndWritten sum;
    while (!text.empty()) {
        std::string_view line = take_line(text);
        take_word(line);  // the device: major and minor number are two words here
        if (take_word(line).empty()) continue;
        const std::string_view operation = take_word(line);
        std::string_view value = take_word(line);
        const std::uint64_t count = take_number(value).value_or(0);
        if (operation == "Read") sum.read += count;
        if (operation == "Write") sum.written += count;
    }
    return sum;
}

NetworkBytes network_bytes(std::string_view text) {
    constexpr int sent_field = 8;  // behind the eight of what was received
    NetworkBytes sum;
    while (!text.empty()) {
        std::string_view line = take_line(text);
        const std::string_view interface = take_word(line);
        if (interface == "lo") continue;
        std::string_view received = take_word(line), sent;
        for (int field = 1; field <= sent_field; ++field) sent = take_word(line);
        const auto in = take_number(received), out = take_number(sent);
        if (!in || !out) continue;  // the two lines of headings
        sum.in += *in;
        sum.out += *out;
    }
    return sum;
}

}  // namespace plimsoll::machine
