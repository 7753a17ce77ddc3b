// SPDX-License-Identifier: Apache-2.0
#include "apps/plimsoll/live/terminal_view.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "apps/plimsoll/live/terminal.h"
#include "plimsoll/view/draw_run.h"

namespace plimsoll::cli {
namespace {

// Beside the view there is room for what stays: at most so many of twelve parts of the window are the view's.
constexpr int parts = 8, of_parts = 12;
constexpr int least_lines = 10;

}  // namespace

void TerminalView::set(view::RunView run) {
    const std::lock_guard lock(mutex_);
    run_ = std::move(run);
}

void TerminalView::hide() {
    const std::lock_guard lock(mutex_);
    run_.reset();
}

bool TerminalView::show(std::string_view text) { return write_all(fd_, screen_.print(text)); }

bool TerminalView::refresh() {
    std::optional<view::RunView> run;
    {
        const std::lock_guard lock(mutex_);
        run = run_;
    }
    std::optional<view::Page> page = page_of(fd_);
    if (!run || !page) return write_all(fd_, screen_.clear());
    page->lines = std::min(page->lines, std::max(least_lines, page->lines * parts / of_parts));
    return write_all(fd_, drawn_on(screen_, view::draw_run(*run, *page), *page, page_));
}

std::string drawn_on(view::Screen& screen, std::vector<std::string> lines, const view::Page& now, view::Page& page) {
    const bool is_resized = now.columns != page.columns || now.lines != page.lines;
    page = now;
    std::string bytes = screen.show(std::move(lines));
    return is_resized ? screen.redraw() : bytes;
}

}  // namespace plimsoll::cli
