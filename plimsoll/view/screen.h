// SPDX-License-Identifier: Apache-2.0
// Screen: a few lines at the end of a terminal's output that change in place, below text that stays.
//
// The cursor rests on an empty line above the block, so that whatever happens to the terminal, all from the cursor on
// is ours: a window made narrower may have broken our lines into more (or cut them), and they are cleared all the same.
// What somebody types, and the ^C of Ctrl-C, lands on that line and not in the block. No mode of the terminal is
// changed, nothing is hidden: however the program ends, kill -9 included, there is nothing to restore.
//
// Only lines that have changed are written, in one piece between the marks of a synchronized update, so that nothing
// flickers. What comes out are bytes; who writes them is the caller's affair.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace plimsoll::view {

class Screen {
public:
    /// Text that stays, in whole lines (one that is not whole yet waits for its end), with the block below it.
    std::string print(std::string_view text);
    /// The block is these lines from now on, each narrower than the terminal and all together lower; "" when nothing
    /// has changed.
    std::string show(std::vector<std::string> lines);
    /// No block; the text that waits for its end is printed as it is.
    std::string clear();
    /// The terminal has been resized or written on: everything is written anew.
    std::string redraw();
    bool is_shown() const { return !lines_.empty(); }

private:
    std::string block() const;
    std::vector<std::string> lines_;
    std::string waiting_;
};

}  // namespace plimsoll::view
