// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/simulate/traces/field.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

namespace plimsoll::simulate {

std::optional<double> number_of(std::string_view text) {
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(number)) return std::nullopt;
    return number;
}

Result<TraceTable> TraceTable::open(exchange::Lines& lines) {
    const std::optional<std::string_view> header = PLIM_TRY(lines.next());
    if (!header) return invalid(lines.name() + ": the file is empty; its first line names the columns");
    return TraceTable(lines, *header);
}

Result<std::size_t> TraceTable::column(std::string_view name) const {
    if (const auto found = table_.column(name)) return *found;
    return invalid(
        fmt::format("{}: no column '{}'; there are {}", lines_->name(), name, fmt::join(table_.names(), ", ")));
}

Result<bool> TraceTable::next() {
    while (true) {
        const std::optional<std::string_view> line = PLIM_TRY(lines_->next());
        if (!line) return false;
        if (line->empty()) continue;
        if (table_.lay_out(*line)) return true;
        return invalid(fmt::format("{}: {} fields, but the first line names {} columns; quote fields that hold a comma",
                                   place(), table_.fields_seen(), table_.names().size()));
    }
}

Result<std::optional<double>> TraceTable::amount(std::size_t column) const {
    const std::string_view field = table_.field(column);
    if (field.empty()) return std::optional<double>();
    const std::optional<double> number = number_of(field);
    if (number && *number >= 0) return number;
    return invalid(fmt::format("{}:{}: '{}' is not an amount of {}; write a number of 0 or more", place(),
                               table_.place(column), field, table_.names()[column]));
}

Result<double> TraceTable::required(std::size_t column) const {
    const std::optional<double> number = PLIM_TRY(amount(column));
    if (number) return *number;
    return invalid(
        fmt::format("{}:{}: no {}; each row needs one", place(), table_.place(column), table_.names()[column]));
}

std::string TraceTable::place() const { return fmt::format("{}:{}", lines_->name(), lines_->number()); }

}  // namespace plimsoll::simulate
