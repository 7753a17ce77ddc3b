// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/view/cells.h"

#include <doctest/doctest.h>

#include "plimsoll/base/random.h"

using namespace plimsoll;
using namespace plimsoll::view;

namespace {

std::size_t below(Rng& rng, std::size_t end) {
    return static_cast<std::size_t>(rng.between(0, static_cast<std::int64_t>(end) - 1));
}

}  // namespace

TEST_CASE("wide characters take two columns, combining ones none") {
    CHECK(columns_of("align") == 5);
    CHECK(columns_of("größe") == 5);
    CHECK(columns_of("試料") == 4);
    CHECK(columns_of("e\xCC\x81") == 1);  // e and a combining acute
    CHECK(columns_of("") == 0);
}

TEST_CASE("what is cut says so and keeps to its columns") {
    CHECK(cut("align[s1]", 9) == "align[s1]");
    CHECK(cut("align[s1]", 6) == "align~");
    CHECK(cut("試料試料", 6, "…") == "試料…");  // half of a wide character is none
    CHECK(cut("anything", 0).empty());
    CHECK(cut_before("align_reads[s12]", 12, 5) == "align_~[s12]");
    CHECK(cut_before("align[s12]", 12, 5) == "align[s12]");
    CHECK(cut_before("align_reads[試料]", 10, 6) == "ali~[試料]");
    CHECK(cut_before("align_reads[試料]", 10, 5) == "alig~試料]");
    CHECK(left_in("ab", 4) == "ab  ");
    CHECK(right_in("ab", 4) == "  ab");
    CHECK(left_in("試", 3) == "試 ");
}

TEST_CASE("nothing in a name moves the cursor or turns the line around") {
    CHECK(printable("a\x1b[2Jb\n") == "a^[[2Jb^J");
    CHECK(printable("\xff|\xc3|\xc0\x80") == "\xEF\xBF\xBD|\xEF\xBF\xBD|\xEF\xBF\xBD\xEF\xBF\xBD");
    CHECK(printable("\xC2\x9B") == "\xEF\xBF\xBD");      // CSI as one C1 character
    CHECK(printable("\xE2\x80\xAE") == "\xEF\xBF\xBD");  // right-to-left override
    CHECK(printable("試料 größe") == "試料 größe");
}

TEST_CASE("whatever the bytes, what is fitted takes just the columns asked for") {
    const std::uint64_t seed = 7;
    CAPTURE(seed);
    Rng rng(seed);
    for (int times = 0; times < 500; ++times) {
        std::string bytes;
        for (auto left = below(rng, 40); left > 0; --left) bytes += static_cast<char>(below(rng, 256));
        const std::string text = printable(bytes);
        const int columns = static_cast<int>(below(rng, 30));
        CHECK(columns_of(left_in(text, columns)) == columns);
        CHECK(columns_of(cut(text, columns)) <= columns);
        CHECK(columns_of(cut_before(text, columns, static_cast<int>(below(rng, 30)))) <= columns);
        CHECK(text.find_first_of("\x1b\r\n\b\x7f") == std::string::npos);
    }
}
