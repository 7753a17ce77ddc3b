// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "plimsoll/workflow/keys.h"
#include "plimsoll/workflow/read_step.h"

namespace plimsoll::workflow {
namespace {

bool names_scatter_variable(std::string_view name, Mark mark, Reading& reading) {
    if (!is_identifier(name)) {
        reading.problems.add(mark, fmt::format("'{}' cannot name a scatter variable; use letters, digits and _", name));
        return false;
    }
    if (!is_reserved(name) && !reading.globals.contains(name)) return true;
    reading.problems.add(
        mark,
        fmt::format("'{}' already means something else ({}); give the scatter variable another name", name,
                    is_reserved(name) ? "it is a name of Plimsoll's own" : "a parameter or an input of the workflow"));
    return false;
}

std::optional<std::int64_t> read_integer(const Node& node, Reading& reading) {
    const auto text = settled_text(node, "'range'", reading);
    if (!text) return std::nullopt;
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
    // Beyond 10^15 the sums below could overflow, and nobody counts that far.
    if (error == std::errc() && end == text->data() + text->size() && std::abs(value) <= 1'000'000'000'000'000)
        return value;
    reading.problems.add(node.mark,
                         fmt::format("'{}' is not a whole number; write [first, last] or [first, last, step]", *text));
    return std::nullopt;
}

/// Digits to print, when the file wrote leading zeros: [001, 100].
int width_of(const Node& node) {
    return node.text.size() > 1 && node.text.front() == '0'
               ? static_cast<int>(std::min<std::size_t>(node.text.size(), 18))
               : 0;
}

std::optional<Range> read_range(const Node& node, Reading& reading) {
    if (!node.is_list() || node.items.size() < 2 || node.items.size() > 3) {
        reading.problems.add(
            node.mark, "'range' must be a list of two or three numbers; write [first, last] or [first, last, step]");
        return std::nullopt;
    }
    const auto first = read_integer(node.items[0], reading);
    const auto last = read_integer(node.items[1], reading);
    const auto step = node.items.size() == 3 ? read_integer(node.items[2], reading) : std::optional<std::int64_t>(1);
    if (!first || !last || !step) return std::nullopt;
    if (*step == 0 || (*step > 0 ? *first > *last : *first < *last)) {
        reading.problems.add(
            node.mark,
            fmt::format("the range from {} to {} in steps of {} is empty; both ends are included, so write the "
                        "smaller first or a negative step",
                        *first, *last, *step));
        return std::nullopt;
    }
    return Range{.first = *first, .last = *last, .step = *step, .width = width_of(node.items[0])};
}

/// {files: GLOB} or {range: [first, last]}
void read_values(const Node& node, Axis& axis, Reading& reading) {
    const Fields fields(node, fmt::format("scatter over '{}'", axis.variable), values_keys, reading);
    const Node* files = fields.find("files");
    const Node* range = fields.find("range");
    if (files != nullptr && range != nullptr)
        return reading.problems.add(node.mark,
                                    "both 'files' and 'range'; give one of them, and the other a variable of its own");
    if (files != nullptr) {
        if (auto pattern = template_text(*files, "'files'", reading)) axis.values = FilesOnDisk{std::move(*pattern)};
    } else if (range != nullptr) {
        if (auto numbers = read_range(*range, reading)) axis.values = *numbers;
    } else if (node.entries.empty()) {
        reading.problems.add(node.mark,
                             "nothing to scatter over; write a list, {files: PATTERN} or {range: [first, last]}");
    }
}

Axis read_axis(const Entry& entry, Reading& reading) {
    Axis axis{.variable = entry.key, .mark = entry.value.mark, .values = std::vector<Template>{}};
    if (entry.value.is_null())
        reading.problems.add(
            entry.mark,
            fmt::format("'{}' has no values; write a list, {{files: PATTERN}} or {{range: [first, last]}}", entry.key));
    if (entry.value.is_list() && entry.value.items.empty())
        reading.problems.add(entry.value.mark,
                             fmt::format("'{}' has no values, so the step would have no tasks; list some", entry.key));
    if (entry.value.is_map()) {
        read_values(entry.value, axis, reading);
        return axis;
    }
    std::vector<Template> texts;
    const auto add = [&](const Node& node) {
        if (auto text = template_text(node, fmt::format("a value of '{}'", entry.key), reading))
            texts.push_back(std::move(*text));
    };
    if (entry.value.is_scalar()) add(entry.value);
    texts.reserve(entry.value.items.size());
    for (const Node& item : entry.value.items) add(item);
    axis.values = std::move(texts);
    return axis;
}

using Row = std::vector<std::pair<std::string, Template>>;

Row read_row(const Node& node, Reading& reading) {
    Row row;
    for (const Entry& entry : node.entries) {
        if (!names_scatter_variable(entry.key, entry.mark, reading)) continue;
        if (auto text = template_text(entry.value, fmt::format("the value of '{}'", entry.key), reading))
            row.emplace_back(entry.key, std::move(*text));
    }
    return row;
}

/// The row's variables in the order of the first row's; false when they are not the same.
bool put_in_order_of(const Row& first, Row& row) {
    if (row.size() != first.size()) return false;
    for (std::size_t i = 0; i < first.size(); ++i) {
        const auto same = std::find_if(row.begin() + static_cast<std::ptrdiff_t>(i), row.end(),
                                       [&](const auto& each) { return each.first == first[i].first; });
        if (same == row.end()) return false;
        std::iter_swap(row.begin() + static_cast<std::ptrdiff_t>(i), same);
    }
    return true;
}

std::vector<Row> read_rows(const Node& list, Reading& reading) {
    std::vector<Row> rows;
    for (const Node& node : list.items) {
        if (!node.is_map()) {
            reading.problems.add(
                node.mark, fmt::format("a row of a scatter must be a map of variables, not {}; write - {{name: value}}",
                                       kind_name(node)));
            continue;
        }
        Row row = read_row(node, reading);
        if (!rows.empty() && !put_in_order_of(rows.front(), row))
            reading.problems.add(node.mark, "this row has other variables than the first; give all rows the same");
        rows.push_back(std::move(row));
    }
    return rows;
}

}  // namespace

Scatter read_scatter(const Node& node, Reading& reading) {
    Scatter scatter{.mark = node.mark, .axes = {}, .rows = {}};
    if (node.is_list()) {
        scatter.rows = read_rows(node, reading);
        if (node.items.empty())
            reading.problems.add(node.mark, "an empty scatter; list its rows, or take the key away");
        return scatter;
    }
    if (!node.is_map() || node.entries.empty()) {
        reading.problems.add(
            node.mark,
            fmt::format("'scatter' must be a map of variables or a list of rows, not {}; write variable: [values]",
                        kind_name(node)));
        return scatter;
    }
    for (const Entry& entry : node.entries)
        if (names_scatter_variable(entry.key, entry.mark, reading)) scatter.axes.push_back(read_axis(entry, reading));
    return scatter;
}

}  // namespace plimsoll::workflow
