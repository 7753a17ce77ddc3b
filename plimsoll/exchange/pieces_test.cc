// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/exchange/pieces.h"

#include <doctest/doctest.h>
#include <zlib.h>

#include <string>
#include <vector>

#include "plimsoll/base/file.h"
#include "tests/temporary_folder.h"

using namespace plimsoll;
using namespace plimsoll::exchange;
using plimsoll::tests::TemporaryFolder;

namespace {

std::vector<std::string> lines_of(std::string_view text, std::size_t piece) {
    Lines lines(pieces_of(text, piece), "t");
    std::vector<std::string> all;
    while (const auto line = lines.next().value()) all.emplace_back(*line);
    return all;
}

std::string packed(const std::string& path, const std::string& text) {
    const gzFile file = gzopen(path.c_str(), "wb");
    gzwrite(file, text.data(), static_cast<unsigned>(text.size()));
    gzclose(file);
    return path;
}

Result<std::string> whole(const std::string& path) {
    const auto pieces = PLIM_TRY(open_pieces(path));
    std::string text;
    while (true) {
        const std::string_view piece = PLIM_TRY(pieces->next());
        if (piece.empty()) return text;
        text += piece;
    }
}

}  // namespace

TEST_CASE("lines are the same however the text is cut") {
    const std::string text = "a\n\nbcd\r\nlast, without an end";
    const std::vector<std::string> expected = {"a", "", "bcd", "last, without an end"};
    for (std::size_t piece = 1; piece < text.size() + 2; ++piece) CHECK(lines_of(text, piece) == expected);
    CHECK(lines_of("", 3).empty());
    CHECK(lines_of("x\n", 1) == std::vector<std::string>{"x"});
}

TEST_CASE("a file is read the same, packed or plain") {
    const TemporaryFolder folder;
    const std::string text = "one\ntwo\n";
    REQUIRE(replace_file(folder / "plain", text));
    CHECK(whole(folder / "plain").value() == text);
    CHECK(whole(packed(folder / "packed.gz", text)).value() == text);
}

TEST_CASE("a packed file that is cut off is told from one that has ended") {
    const TemporaryFolder folder;
    std::string noise;
    for (int at = 0; at < 100'000; ++at) noise += static_cast<char>('a' + at * 7919 % 26 * at % 26);
    const std::string path = packed(folder / "t.gz", noise);
    const std::string bytes = read_file(path).value();
    REQUIRE(replace_file(path, bytes.substr(0, bytes.size() / 2)));
    CHECK(whole(path).error().message.find("cut off") != std::string::npos);
}

TEST_CASE("what cannot be read says why") {
    const TemporaryFolder folder;
    CHECK(open_pieces(folder / "nothing").error().kind == ErrorKind::not_found);
    CHECK(open_pieces(folder / "").error().kind == ErrorKind::invalid);
}
