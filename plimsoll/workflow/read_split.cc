// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "plimsoll/base/text.h"
#include "plimsoll/workflow/keys.h"
#include "plimsoll/workflow/read_step.h"

namespace plimsoll::workflow {
namespace {

constexpr double header_lines_max = 10'000;
constexpr double parts_max = 10'000;
constexpr std::int64_t range_end_max = 1'000'000'000'000'000;  // 10^15: sums of two cannot overflow

/// In the order of SplitBy, those that `by` can name.
constexpr std::string_view ways[] = {"lines", "fasta", "fastq", "records", "files"};

Result<SplitBy> parse_way(std::string_view text) {
    const auto* const found = std::ranges::find(ways, text);
    if (found != std::end(ways) && *found != "records") return static_cast<SplitBy>(found - std::begin(ways));
    const std::vector<std::string> known = {"lines", "fasta", "fastq", "files"};
    const auto near = nearest_name(text, known);
    return invalid(fmt::format("'{}' is nothing that an input is split by; {}", text,
                               near ? fmt::format("did you mean '{}'?", *near)
                                    : "use lines, fasta, fastq or files, or give 'record' or 'range' instead"));
}

std::optional<std::int64_t> read_end(const Node& node, Reading& reading) {
    const auto text = settled_text(node, "an end of 'range'", reading);
    if (!text) return std::nullopt;
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
    if (error == std::errc() && end == text->data() + text->size() && std::abs(value) <= range_end_max) return value;
    reading.problems.add(node.mark, fmt::format("'{}' is not a whole number; write [first, last]", *text));
    return std::nullopt;
}

void read_range(const Node& node, SplitRule& rule, Reading& reading) {
    rule.by = SplitBy::range;
    if (!node.is_list() || node.items.size() != 2)
        return reading.problems.add(node.mark, "the 'range' of a split is a list of two numbers; write [first, last]");
    const auto first = read_end(node.items[0], reading), last = read_end(node.items[1], reading);
    if (!first || !last) return;
    if (*first > *last)
        return reading.problems.add(
            node.mark, fmt::format("the range from {} to {} is empty; write the smaller first", *first, *last));
    rule.first = *first;
    rule.last = *last;
}

void read_record(const Fields& fields, SplitRule& rule, Reading& reading) {
    const std::optional<std::string> text = fields.text("record");
    if (!text) return;
    rule.by = SplitBy::records;
    rule.record = *text;
    if (text->empty() || text->find('\n') != std::string::npos)
        reading.problems.add(fields.find("record")->mark,
                             "'record' is what the first line of every record begins with; write that, without a "
                             "line's end");
}

/// Exactly one of `by`, `record` and `range` says where cuts may be.
bool says_one_way(const Fields& fields, Mark mark, Reading& reading) {
    int given = 0;
    for (const std::string_view key : {"by", "record", "range"}) given += fields.find(key) != nullptr;
    if (given == 1) return true;
    reading.problems.add(mark, given == 0 ? "a 'split' that does not say by what; write for instance: split: lines"
                                          : "a 'split' by more than one thing; keep one of 'by', 'record' and 'range'");
    return false;
}

void refuse_headers_without_lines(const SplitDescription& split, Reading& reading) {
    const bool has_lines = split.rule.by != SplitBy::files && split.rule.by != SplitBy::range;
    if (!has_lines && split.rule.header > 0)
        reading.problems.add(split.mark, "'header' counts lines of a file that is cut; take it away here");
    if (split.join && split.rule.output_header > 0)
        reading.problems.add(split.mark,
                             "'output_header' is for outputs that are put one behind the other; with a 'join' of your "
                             "own take it away");
}

}  // namespace

std::optional<SplitDescription> read_split(const Node& node, Reading& reading) {
    SplitDescription split;
    split.mark = node.mark;
    const std::size_t before = reading.problems.found();
    if (node.is_scalar()) {
        const auto way = settled_text(node, "'split'", reading);
        if (!way) return std::nullopt;
        const Result<SplitBy> by = parse_way(*way);
        if (!by) reading.problems.add(node.mark, by.error().message);
        else split.rule.by = *by;
        return by ? std::optional(split) : std::nullopt;
    }
    const Fields fields(node, "'split'", split_keys, reading);
    if (!node.is_map() || !says_one_way(fields, node.mark, reading)) return std::nullopt;
    if (const auto by = fields.parsed("by", parse_way)) split.rule.by = *by;
    if (const Node* range = fields.find("range")) read_range(*range, split.rule, reading);
    read_record(fields, split.rule, reading);
    if (const auto input = fields.text("input")) {
        split.input = *input;
        split.input_mark = fields.find("input")->mark;
    }
    const auto count = [&](std::string_view key, double least, double most) {
        return static_cast<int>(fields.number(key, least, most).value_or(0));
    };
    split.rule.header = count("header", 0, header_lines_max);
    split.rule.output_header = count("output_header", 0, header_lines_max);
    split.rule.parts = count("parts", 1, parts_max);
    if (const Node* join = fields.find("join")) split.join = template_text(*join, "'join'", reading);
    refuse_headers_without_lines(split, reading);
    return reading.problems.found() == before ? std::optional(split) : std::nullopt;
}

}  // namespace plimsoll::workflow
