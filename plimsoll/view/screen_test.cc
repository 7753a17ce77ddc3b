// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/view/screen.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>

#include "plimsoll/base/random.h"

using namespace plimsoll;
using namespace plimsoll::view;

namespace {

std::size_t below(Rng& rng, std::size_t end) {
    return static_cast<std::size_t>(rng.between(0, static_cast<std::int64_t>(end) - 1));
}

/// As much of a terminal as a Screen needs: what has scrolled off its top is kept, and the cursor never gets there
/// again.
class Terminal {
public:
    Terminal(std::size_t columns, std::size_t rows) : columns_(columns), rows_(rows) {}

    void write(std::string_view bytes) {
        for (std::size_t at = 0; at < bytes.size(); ++at) {
            const char c = bytes[at];
            if (c == '\x1b') at = control(bytes, at);
            else if (c == '\r') column_ = 0;
            else if (c == '\n') column_ = 0, feed();  // as the terminal driver has it (ONLCR)
            else put(c);
        }
    }

    /// Narrower, as terminals do it that break lines anew, or as those that cut them.
    void narrow(std::size_t columns, bool breaks) {
        std::vector<std::string> lines;
        std::size_t row = 0;
        for (std::size_t at = 0; at < lines_.size(); ++at) {
            if (at == row_) row = lines.size();
            lines.push_back(lines_[at].substr(0, columns));
            for (std::size_t from = columns; breaks && from < lines_[at].size(); from += columns)
                lines.push_back(lines_[at].substr(from, columns));
        }
        lines_ = lines;
        row_ = row;
        columns_ = columns;
    }

    /// Without empty lines at the end.
    std::vector<std::string> lines() const {
        std::vector<std::string> shown = lines_;
        for (std::string& line : shown) line.erase(line.find_last_not_of(' ') + 1);
        while (!shown.empty() && shown.back().empty()) shown.pop_back();
        return shown;
    }

private:
    void put(char c) {
        if (column_ == columns_) column_ = 0, feed();
        std::string& line = lines_[row_];
        line.resize(std::max(line.size(), column_ + 1), ' ');
        line[column_++] = c;
    }

    void feed() {
        if (++row_ == lines_.size()) lines_.emplace_back();
        if (row_ >= top_ + rows_) top_ = row_ + 1 - rows_;
    }

    std::size_t control(std::string_view bytes, std::size_t at) {
        const std::size_t end = bytes.find_first_of("ABCDHJKhlm", at + 2);
        REQUIRE(end != std::string_view::npos);
        const std::string_view argument = bytes.substr(at + 2, end - at - 2);
        const std::size_t number = argument.empty() || argument[0] == '?' ? 1 : std::stoul(std::string(argument));
        switch (bytes[end]) {
            case 'A': row_ = std::max(top_, row_ - std::min(row_, number)); break;
            case 'J':
                lines_.resize(row_ + 1);
                lines_[row_].resize(std::min(lines_[row_].size(), column_));
                break;
            case 'K': lines_[row_].resize(std::min(lines_[row_].size(), column_)); break;
            default: break;
        }
        return end;
    }

    std::size_t columns_, rows_, row_ = 0, column_ = 0, top_ = 0;
    std::vector<std::string> lines_ = {""};
};

std::vector<std::string> together(std::vector<std::string> stays, const std::vector<std::string>& block) {
    if (!block.empty()) {
        stays.emplace_back();
        stays.insert(stays.end(), block.begin(), block.end());
    }
    while (!stays.empty() && stays.back().empty()) stays.pop_back();
    return stays;
}

std::vector<std::string> random_block(Rng& rng, std::size_t lines_most, std::size_t columns) {
    std::vector<std::string> block;
    for (auto left = below(rng, lines_most + 1); left > 0; --left)
        block.emplace_back(1 + below(rng, columns - 1), static_cast<char>('a' + below(rng, 3)));
    return block;
}

}  // namespace

TEST_CASE("whatever is printed and shown, the terminal has what stays, an empty line, and the block") {
    const std::uint64_t seed = 7;
    CAPTURE(seed);
    Rng rng(seed);
    for (int times = 0; times < 50; ++times) {
        Terminal terminal(20, 8);
        Screen screen;
        std::vector<std::string> stays, block;
        for (int step = 0; step < 40; ++step) {
            if (below(rng, 3) == 0) {
                stays.push_back("line " + std::to_string(step));
                terminal.write(screen.print(stays.back() + "\n"));
            } else {
                block = random_block(rng, 6, 20);
                terminal.write(screen.show(block));
            }
            REQUIRE(terminal.lines() == together(stays, block));
        }
        terminal.write(screen.clear());
        CHECK(terminal.lines() == together(stays, {}));
    }
}

TEST_CASE("what has not changed is not written") {
    Screen screen;
    screen.show({"one", "two", "three"});
    CHECK(screen.show({"one", "two", "three"}).empty());
    const std::string bytes = screen.show({"one", "TWO", "three"});
    CHECK(bytes.find("TWO") != std::string::npos);
    CHECK(bytes.find("one") == std::string::npos);
    CHECK(bytes.find("three") == std::string::npos);
    CHECK(bytes.starts_with("\x1b[?2026h"));
    CHECK(bytes.ends_with("\x1b[?2026l"));
}

TEST_CASE("text comes in whole lines, and the rest of it at the end") {
    Screen screen;
    screen.show({"block"});
    CHECK(screen.print("half a").empty());
    const std::string bytes = screen.print(" line\nand");
    CHECK(bytes.find("half a line\n") != std::string::npos);
    CHECK(bytes.find("and") == std::string::npos);
    CHECK(screen.clear().ends_with("and"));
}

TEST_CASE("in a window made narrower nothing of the block is left over, whether it breaks lines or cuts them") {
    for (const bool breaks : {true, false}) {
        CAPTURE(breaks);
        Terminal terminal(40, 12);
        Screen screen;
        terminal.write(screen.print("stays\n"));
        terminal.write(screen.show({std::string(39, 'a'), std::string(30, 'b')}));
        terminal.narrow(20, breaks);
        screen.show({std::string(19, 'a'), std::string(15, 'b')});
        terminal.write(screen.redraw());
        CHECK(terminal.lines() == together({"stays"}, {std::string(19, 'a'), std::string(15, 'b')}));
    }
}
