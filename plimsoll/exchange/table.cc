// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/exchange/table.h"

#include <algorithm>
#include <cctype>

namespace plimsoll::exchange {
namespace {

bool same(std::string_view a, std::string_view b) {
    if (a.size() != b.size()) return false;
    for (std::size_t at = 0; at < a.size(); ++at)
        if (std::tolower(static_cast<unsigned char>(a[at])) != std::tolower(static_cast<unsigned char>(b[at])))
            return false;
    return true;
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
}

/// The end of the quoted field that begins at 0: behind its closing quote, or the line's end.
std::size_t end_of_quotes(std::string_view line) {
    for (std::size_t at = 1; at < line.size(); ++at) {
        if (line[at] != '"') continue;
        if (at + 1 < line.size() && line[at + 1] == '"') ++at;
        else return at + 1;
    }
    return line.size();
}

std::string unquoted(std::string_view field) {
    std::string text;
    for (std::size_t at = 1; at < field.size(); ++at) {
        if (field[at] == '"' && ++at >= field.size()) break;
        text += field[at];
    }
    return text;
}

}  // namespace

Table::Table(std::string_view header) {
    if (header.starts_with("\xef\xbb\xbf")) header.remove_prefix(3);
    for (const char candidate : {'\t', ',', ';', '|'})
        if (header.find(candidate) != std::string_view::npos) {
            separator_ = candidate;
            break;
        }
    split(header);
    for (const std::string_view name : fields_) names_.emplace_back(trimmed(name));
}

std::optional<std::size_t> Table::column(std::string_view name) const {
    for (std::size_t at = 0; at < names_.size(); ++at)
        if (same(names_[at], name)) return at;
    return std::nullopt;
}

bool Table::lay_out(std::string_view line) {
    split(line);
    return fields_.size() == names_.size();
}

std::string_view Table::field(std::optional<std::size_t> column) const {
    if (!column) return {};
    const std::string_view field = trimmed(fields_[*column]);
    return field == "-" || field == "NA" ? std::string_view() : field;
}

std::size_t Table::place(std::optional<std::size_t> column) const { return column ? places_[*column] + 1 : 1; }

void Table::split(std::string_view line) {
    fields_.clear();
    places_.clear();
    unquoted_.clear();
    const bool may_quote = separator_ != '\t' && line.find('"') != std::string_view::npos;
    // No more fields than separators: views of the texts stay where they are.
    if (may_quote) unquoted_.reserve(static_cast<std::size_t>(std::count(line.begin(), line.end(), separator_)) + 1);
    for (std::size_t at = 0; at <= line.size();) {
        std::string_view rest = line.substr(at);
        std::size_t length = rest.find(separator_);
        const bool quoted = may_quote && rest.starts_with('"');
        if (quoted) {
            const std::size_t closed = end_of_quotes(rest);
            length = rest.find(separator_, closed);
            unquoted_.push_back(unquoted(rest.substr(0, closed)));
        }
        if (length == std::string_view::npos) length = rest.size();
        fields_.push_back(quoted ? std::string_view(unquoted_.back()) : rest.substr(0, length));
        places_.push_back(at);
        at += length + 1;
    }
}

}  // namespace plimsoll::exchange
