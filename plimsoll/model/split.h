// SPDX-License-Identifier: Apache-2.0
// Split: how a task's input may be cut, each part worked on by a task of its own, and what they made joined
// again. Into how many parts is decided when the task could start, by what is forecast then.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "plimsoll/base/units.h"
#include "plimsoll/model/task.h"

namespace plimsoll {

enum class SplitBy : std::uint8_t {
    lines,
    fasta,    ///< a record begins with a line that begins with '>'
    fastq,    ///< four lines a record; the first begins with '@', the third with '+'
    records,  ///< a record begins with a line that begins with a given text
    files,    ///< a list of files is dealt out
    range,    ///< whole numbers, of which each part is told its first and last
};

/// As the workflow says.
struct SplitRule {
    SplitBy by = SplitBy::lines;
    std::string record;      ///< by records: what the first line of each begins with
    int header = 0;          ///< lines at the head of the input that every part gets too
    int output_header = 0;   ///< lines at the head of what every part makes, wanted once in what is joined
    std::int64_t first = 0;  ///< by range: both included
    std::int64_t last = 0;
    int parts = 0;  ///< so many, whatever is forecast; 0: as the forecast says
    bool operator==(const SplitRule&) const = default;
};

/// What stands in commands and paths of parts for that which differs from part to part.
inline constexpr std::string_view part_number_mark = "PLIMSOLL_PART";
inline constexpr std::string_view part_first_mark = "PLIMSOLL_FIRST";
inline constexpr std::string_view part_last_mark = "PLIMSOLL_LAST";
inline constexpr std::string_view part_files_mark = "PLIMSOLL_FILES";

struct Split {
    SplitRule rule;
    std::vector<std::string> input;  ///< what is cut: a file, or the files that are dealt out; none by range
    std::string folder;              ///< of the parts' files, relative to the workflow's
    Command command;                 ///< of a part, with marks
    std::string part_input;          ///< the path, with a mark, where a part's piece of the file is put; "" if none is
    std::vector<std::string> part_outputs;  ///< likewise, in the order of the task's outputs
    const Step* step = nullptr;             ///< of the whole task, which with `whole` is what the task is known by,
    Command whole;                          ///< in how many parts it ever was done
    Step joining;                           ///< how what the parts made is joined
    Command join;
};

/// Which part of a split task a task is.
struct SplitPart {
    std::uint32_t number = 1;       ///< from 1
    std::int64_t from = 0, to = 0;  ///< [from, to): bytes of the file, numbers of the range, files of the list
    Bytes others{};                 ///< of its inputs' bytes, what other parts read
    std::int64_t numbers = 0;       ///< of a range: how many are its own
    std::string before;             ///< command of sh that puts its piece of the file where it reads it; "": none
    bool operator==(const SplitPart&) const = default;
};

/// The command with every mark replaced by its text; slots keep their places.
Command with_marks_replaced(const Command& command,
                            std::span<const std::pair<std::string_view, std::string>> replacements);
std::string with_mark_replaced(std::string text, std::string_view mark, std::string_view by);

}  // namespace plimsoll
