// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/simulate/traces/swf.h"

#include <fmt/format.h>

#include <array>
#include <string_view>

#include "plimsoll/simulate/traces/field.h"

namespace plimsoll::simulate {
namespace {

constexpr std::size_t column_count = 18;
constexpr std::string_view blanks = " \t";

/// "; MaxProcs: 256" names the key MaxProcs; nothing for another key or another number than that of a machine.
std::optional<double> value_of(std::string_view comment, std::string_view key) {
    const std::size_t at = comment.find_first_not_of("; \t");
    if (at == std::string_view::npos || !comment.substr(at).starts_with(key)) return std::nullopt;
    std::string_view rest = comment.substr(at + key.size());
    const std::size_t begin = rest.find_first_not_of(": \t");
    if (begin == std::string_view::npos || begin == 0) return std::nullopt;
    rest.remove_prefix(begin);
    const std::optional<double> value = number_of(rest.substr(0, rest.find_first_of(blanks)));
    return value && *value > 0 ? value : std::nullopt;
}

using Columns = std::array<double, column_count>;

Result<Columns> columns_of(std::string_view line, const exchange::Lines& lines) {
    Columns columns{};
    std::size_t count = 0;
    for (std::size_t at = 0; (at = line.find_first_not_of(blanks, at)) != std::string_view::npos; ++count) {
        const std::size_t end = std::min(line.size(), line.find_first_of(blanks, at));
        if (count == column_count) break;
        const std::string_view field = line.substr(at, end - at);
        const std::optional<double> number = number_of(field);
        if (!number)
            return invalid(
                fmt::format("{}:{}:{}: '{}' is not a number; a job of SWF is a line of {} numbers, -1 where "
                            "one is not known",
                            lines.name(), lines.number(), at + 1, field, column_count));
        columns[count] = *number;
        at = end;
    }
    if (count == column_count) return columns;
    return invalid(fmt::format("{}:{}: {} numbers; a job of SWF is a line of {}, -1 where one is not known",
                               lines.name(), lines.number(), count, column_count));
}

SwfJob job_of(const Columns& columns) {
    return {.id = static_cast<std::int64_t>(columns[0]),
            .submit_s = columns[1],
            .wait_s = columns[2],
            .run_s = columns[3],
            .allocated = columns[4],
            .memory_kib = columns[6],
            .requested = columns[7],
            .requested_s = columns[8],
            .requested_memory_kib = columns[9],
            .status = static_cast<int>(columns[10]),
            .user = static_cast<std::int64_t>(columns[11]),
            .queue = static_cast<std::int64_t>(columns[14]),
            .preceding = static_cast<std::int64_t>(columns[16])};
}

}  // namespace

Result<SwfTrace> read_swf(exchange::Lines& lines) {
    SwfTrace trace;
    std::optional<double> nodes;
    while (const std::optional<std::string_view> line = PLIM_TRY(lines.next())) {
        const std::size_t begin = line->find_first_not_of(blanks);
        if (begin == std::string_view::npos) continue;
        if ((*line)[begin] == ';') {
            if (const auto value = value_of(*line, "MaxProcs")) trace.processors = value;
            if (const auto value = value_of(*line, "MaxNodes")) nodes = value;
            continue;
        }
        trace.jobs.push_back(job_of(PLIM_TRY(columns_of(*line, lines))));
    }
    if (!trace.processors) trace.processors = nodes;
    return trace;
}

Result<SwfTrace> read_swf(const std::string& path) {
    exchange::Lines lines(PLIM_TRY(exchange::open_pieces(path)), path);
    return read_swf(lines);
}

}  // namespace plimsoll::simulate
