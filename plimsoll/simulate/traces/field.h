// SPDX-License-Identifier: Apache-2.0
// Numbers in the fields of traces, with the place of what is none.
#pragma once

#include <optional>
#include <string_view>

#include "plimsoll/base/result.h"
#include "plimsoll/exchange/pieces.h"
#include "plimsoll/exchange/table.h"

namespace plimsoll::simulate {

/// A finite number that is the whole of the text.
std::optional<double> number_of(std::string_view text);

/// The columns of a table by name, and the fields of the line laid out last.
class TraceTable {
public:
    /// Reads the line of names. The lines outlive it. Error: there is none.
    static Result<TraceTable> open(exchange::Lines& lines);
    /// The column's place. Error: it is not there; names those that are.
    Result<std::size_t> column(std::string_view name) const;

    /// Lays out the next line that is not empty; false after the last. Error: it has not one field per column.
    Result<bool> next();
    std::string_view text(std::size_t column) const { return table_.field(column); }
    /// Nothing where the field is empty. Error, with place: it is no number, or less than 0.
    Result<std::optional<double>> amount(std::size_t column) const;
    /// The same, and an empty field is an error too.
    Result<double> required(std::size_t column) const;
    /// "file:line"
    std::string place() const;

private:
    TraceTable(exchange::Lines& lines, std::string_view header) : lines_(&lines), table_(header) {}
    exchange::Lines* lines_;
    exchange::Table table_;
};

}  // namespace plimsoll::simulate
