// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/model/split.h"

#include <doctest/doctest.h>

namespace plimsoll {
namespace {

// "run -t {cpu} in/PLIMSOLL_PART out/PLIMSOLL_PART {memory}": the slots stand at 7 and 45.
TEST_CASE("marks are replaced wherever they stand, and the allotment still goes where it belongs") {
    const Command command{.text = "run -t  in/PLIMSOLL_PART out/PLIMSOLL_PART ",
                          .slots = {{7, Command::Allotted::cpu}, {43, Command::Allotted::memory_bytes}}};
    const std::pair<std::string_view, std::string> marks[] = {{part_number_mark, "00012"}};
    const Command filled = with_marks_replaced(command, marks);
    CHECK(command_line(filled, 2_cores, Bytes{5}) == "run -t 2 in/00012 out/00012 5");
}

TEST_CASE("a replacement that holds a mark is not read again") {
    const Command command{.text = "a PLIMSOLL_FILES b PLIMSOLL_PART", .slots = {}};
    const std::pair<std::string_view, std::string> marks[] = {{part_files_mark, "PLIMSOLL_PART.fa"},
                                                              {part_number_mark, "7"}};
    CHECK(with_marks_replaced(command, marks).text == "a PLIMSOLL_PART.fa b 7");
}

}  // namespace
}  // namespace plimsoll
