// SPDX-License-Identifier: Apache-2.0
#include "apps/plimsoll/live/redrawn.h"

#include <poll.h>
#include <unistd.h>

#include <utility>

#include "apps/plimsoll/live/terminal.h"
#include "apps/plimsoll/live/terminal_view.h"
#include "apps/plimsoll/shown_file.h"

namespace plimsoll::cli {

Result<Redrawn> Redrawn::open() { return Redrawn(PLIM_TRY(Signals::open(true))); }

void Redrawn::draw(const std::function<std::vector<std::string>(const view::Page&)>& lines) {
    const std::optional<view::Page> page = page_of(STDOUT_FILENO);
    if (page) write_all(STDOUT_FILENO, drawn_on(screen_, lines(*page), *page, page_));
    else clear();
}

void Redrawn::print(const std::string& text) { write_all(STDOUT_FILENO, screen_.print(text)); }

void Redrawn::clear() { write_all(STDOUT_FILENO, screen_.clear()); }

bool Redrawn::wait(Duration span) {
    pollfd signalled{.fd = signals_.fd(), .events = POLLIN, .revents = 0};
    ::poll(&signalled, 1, static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(span).count()));
    const Signals::Seen seen = signals_.take();
    if (!seen.any() && seen.paused == 0) return true;
    clear();
    if (seen.any()) return false;
    Signals::pause_here();
    return true;
}

}  // namespace plimsoll::cli
