// SPDX-License-Identifier: Apache-2.0
// A task cut into parts. Where the cuts are is written down before the first part begins, so that a run that is
// interrupted goes on with the parts that it had, whatever is forecast by then.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "plimsoll/base/text.h"
#include "plimsoll/model/split.h"
#include "plimsoll/workflow/command_hash.h"
#include "plimsoll/workflow/cut.h"
#include "plimsoll/workflow/file_workspace.h"

namespace plimsoll::workflow {
namespace {

constexpr std::string_view first_line = "plimsoll split 1";

std::string cuts_file(const Split& split) { return split.folder + "/cuts"; }

/// "plimsoll split 1", what was cut, then the numbers one a line.
std::string written(const Cuts& cuts, const std::string& of) {
    std::string text = fmt::format("{}\n{}\n{}\n", first_line, of, cuts.header_end);
    for (const std::int64_t end : cuts.ends) text += fmt::format("{}\n", end);
    return text;
}

/// Nothing where the text is of something else, or is no such text.
std::optional<Cuts> read_cuts(std::string_view text, const std::string& of) {
    std::vector<std::string_view> lines = split(text, '\n');
    if (lines.size() < 5 || lines[0] != first_line || lines[1] != of || !lines.back().empty()) return std::nullopt;
    lines.pop_back();
    std::vector<std::int64_t> numbers;
    for (const std::string_view line : std::span(lines).subspan(2)) {
        std::int64_t number = 0;
        const auto [end, failed] = std::from_chars(line.data(), line.data() + line.size(), number);
        if (failed != std::errc() || end != line.data() + line.size()) return std::nullopt;
        numbers.push_back(number);
    }
    Cuts cuts{.header_end = numbers.front(), .ends = {numbers.begin() + 1, numbers.end()}};
    if (!std::ranges::is_sorted(cuts.ends)) return std::nullopt;
    return cuts;
}

/// dd reads no more of the file than the part.
std::string piece_command(const std::string& from, const std::string& to, const Cuts& cuts, const SplitPart& part) {
    const auto copy = [&](std::int64_t begin, std::int64_t end, std::string_view how) {
        return fmt::format("dd if={} of={} bs=1M iflag=skip_bytes,count_bytes skip={} count={} status=none{}",
                           shell_quote(from), shell_quote(to), begin, end - begin, how);
    };
    if (cuts.header_end == 0) return copy(part.from, part.to, "");
    return copy(0, cuts.header_end, "") + " && " + copy(part.from, part.to, " oflag=append conv=notrunc");
}

std::string number_text(std::uint32_t number) { return fmt::format("{:05}", number); }

}  // namespace

/// What the cuts hold for: the command, and the inputs as they are.
std::string FileWorkspace::mark_of_division(const Task& task) const {
    Hasher hasher;
    const Hash128 command = command_hash(task);
    hasher.add_field(command.hex());
    for (const std::string& path : task.inputs) {
        const Sighting seen = stamps_.see(path);
        hasher.add_field(fmt::format("{} {} {} {}", path, seen.size, seen.mtime_ns, seen.inode));
    }
    return hasher.digest().hex();
}

Result<Cuts> FileWorkspace::cuts_of(const Task& task, std::span<const double> shares) const {
    const Split& split = *task.split;
    if (split.rule.by == SplitBy::range)
        return Cuts{.header_end = 0, .ends = cut_count(split.rule.last - split.rule.first + 1, shares)};
    if (split.rule.by == SplitBy::files) {
        std::vector<std::int64_t> sizes;
        for (const std::string& path : split.input) sizes.push_back(stamps_.see(path).bytes.count);
        return Cuts{.header_end = 0, .ends = deal_files(sizes, shares)};
    }
    return cut_file(absolute(split.input.front()), split.rule, shares);
}

Result<Division> FileWorkspace::divide(const Task& task, std::span<const double> shares) {
    const std::string of = mark_of_division(task);
    const std::string file = absolute(cuts_file(*task.split));
    const auto kept = read_file(file);
    std::optional<Cuts> cuts = kept ? read_cuts(*kept, of) : std::nullopt;
    const bool is_resumed = cuts.has_value() && !options_.force_all;
    if (!is_resumed) {
        if (shares.size() < 2) return Division{};
        cuts = PLIM_TRY(cuts_of(task, shares));
        if (cuts->ends.size() < 3) return Division{};
        PLIM_TRY(remove_entry(open_folder_.fd(), task.split->folder));
        PLIM_TRY(make_folders(absolute(task.split->folder), 0777));
        PLIM_TRY(replace_file(file, written(*cuts, of)));
    }
    Division division{.parts = {}, .is_resumed = is_resumed};
    for (std::uint32_t at = 0; at + 1 < cuts->ends.size(); ++at) division.parts.push_back(part_of(task, *cuts, at));
    return division;
}

Task FileWorkspace::part_of(const Task& task, const Cuts& cuts, std::uint32_t at) {
    const Split& split = *task.split;
    SplitPart& part = parts_.emplace_back();
    part = {.number = at + 1, .from = cuts.ends[at], .to = cuts.ends[at + 1], .others = {}, .numbers = 0, .before = {}};
    const std::string number = number_text(part.number);
    Task made{.step = split.step,
              .name = fmt::format("{}:{}", task.name, part.number),
              .bindings = task.bindings,
              .inputs = task.inputs,
              .outputs = {},
              .needs = {},
              .command = {}};
    std::string files;
    if (split.rule.by == SplitBy::files) {
        const auto begin = split.input.begin();
        const std::vector<std::string> own(begin + part.from, begin + part.to);
        std::erase_if(made.inputs, [&](const std::string& path) {
            return std::ranges::find(split.input, path) != split.input.end() &&
                   std::ranges::find(own, path) == own.end();
        });
        files = join(own, " ");
    } else if (split.rule.by == SplitBy::range) {
        part.numbers = part.to - part.from;
    } else {
        part.others = Bytes{cuts.ends.back() - cuts.ends.front() - (part.to - part.from)};
        const std::string piece = with_mark_replaced(split.part_input, part_number_mark, number);
        part.before = piece_command(absolute(split.input.front()), absolute(piece), cuts, part);
        made.outputs.push_back({.path = piece, .temporary = true});
    }
    for (const std::string& path : split.part_outputs)
        made.outputs.push_back({.path = with_mark_replaced(path, part_number_mark, number), .temporary = true});
    const std::pair<std::string_view, std::string> marks[] = {
        {part_number_mark, number},
        {part_first_mark, std::to_string(split.rule.first + part.from)},
        {part_last_mark, std::to_string(split.rule.first + part.to - 1)},
        {part_files_mark, std::move(files)}};
    made.command = with_marks_replaced(split.command, marks);
    made.part = &part;
    made.submission = task.submission;
    return made;
}

}  // namespace plimsoll::workflow
