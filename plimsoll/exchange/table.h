// SPDX-License-Identifier: Apache-2.0
// Tables of text with names of columns in their first line: fields split at one separator, quoted where they hold it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plimsoll::exchange {

class Table {
public:
    /// From the line of names; the separator is the first of tab, comma, semicolon and '|' that it holds.
    explicit Table(std::string_view header);
    const std::vector<std::string>& names() const { return names_; }
    bool has(std::string_view name) const { return column(name).has_value(); }
    /// The first column so called, upper or lower case.
    std::optional<std::size_t> column(std::string_view name) const;

    /// Splits the line; false where it has not one field per column. Fields last until the next call.
    bool lay_out(std::string_view line);
    std::size_t fields_seen() const { return fields_.size(); }
    /// Empty where there is no such column, and for "-" and "NA", which stand for nothing.
    std::string_view field(std::optional<std::size_t> column) const;
    /// Of the field's first character, from 1.
    std::size_t place(std::optional<std::size_t> column) const;

private:
    void split(std::string_view line);
    std::vector<std::string> names_;
    char separator_ = '\t';
    std::vector<std::string_view> fields_;
    std::vector<std::size_t> places_;
    std::vector<std::string> unquoted_;  ///< what fields with quotes in them are views of
};

}  // namespace plimsoll::exchange
