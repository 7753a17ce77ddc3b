// SPDX-License-Identifier: Apache-2.0
// What the views are drawn on: so many columns and lines, with or without colour and signs beyond ASCII. A Line is
// written from left to right and never grows beyond the page.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plimsoll/view/run_view.h"

namespace plimsoll::view {

struct Page {
    int columns = 80;
    int lines = 24;  ///< at the most
    bool in_colour = false;
    bool in_unicode = false;
};

enum class Ink { plain, strong, faint, good, warning, bad };

class Line {
public:
    explicit Line(const Page& page) : page_(&page) {}
    /// Appends as much of a printable text as there is room for.
    Line& add(std::string_view text, Ink ink = Ink::plain);
    Line& gap(int columns) { return add(std::string(static_cast<std::size_t>(columns > 0 ? columns : 0), ' ')); }
    int room() const { return page_->columns - columns_; }
    /// With its colours, without blanks at its end.
    std::string text() const;

private:
    const Page* page_;
    int columns_ = 0;
    std::string text_;
};

/// How far something has come, in so many columns.
void add_progress(Line& line, const Page& page, int columns, double share);

/// Used, held beyond what is used, taken by others, and free, of `all`.
struct Fill {
    double used = 0, held = 0, others = 0, all = 0;
};
void add_bar(Line& line, const Page& page, int columns, const Fill& fill);

/// "3.10 GiB used, 5.20 GiB reserved of 24.0 GiB", or shorter where there is no room, behind a bar: a line for memory
/// and one for cores.
std::vector<std::string> amount_lines(const Page& page, const Amounts& used, const Amounts& reserved,
                                      const Amounts& others, const Amounts& machine);

/// "20m - 31m left", "more than 2m left", "time left unknown"; rounded, so that it stands still. "" of an Eta that has
/// not been looked at.
std::string told(const Eta& eta);
/// In whole seconds: "12 s", "4m 05s", "1h 02m", "3d 04h".
std::string told(Duration span);
/// The mark of what was cut.
std::string_view cut_mark(const Page& page);

}  // namespace plimsoll::view
