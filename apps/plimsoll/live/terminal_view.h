// SPDX-License-Identifier: Apache-2.0
// TerminalView: how a run stands, drawn at the end of what stays on a terminal.
#pragma once

#include <mutex>
#include <optional>
#include <string_view>

#include "apps/plimsoll/shown_file.h"
#include "plimsoll/view/page.h"
#include "plimsoll/view/run_view.h"
#include "plimsoll/view/screen.h"

namespace plimsoll::cli {

class TerminalView final : public Outlet {
public:
    /// `fd` is a terminal and stays the caller's.
    explicit TerminalView(int fd) : fd_(fd) {}

    // From any thread; drawn at the next refresh().
    void set(view::RunView run);
    void hide();

    bool show(std::string_view text) override;
    bool refresh() override;

private:
    int fd_;
    std::mutex mutex_;
    std::optional<view::RunView> run_;  ///< the newest
    view::Screen screen_;
    view::Page page_;  ///< drawn on last
};

/// Draws the lines on the terminal as it is now, all of them if it has changed since `page`.
std::string drawn_on(view::Screen& screen, std::vector<std::string> lines, const view::Page& now, view::Page& page);

}  // namespace plimsoll::cli
