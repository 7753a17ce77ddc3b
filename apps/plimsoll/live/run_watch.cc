// SPDX-License-Identifier: Apache-2.0
#include "apps/plimsoll/live/run_watch.h"

#include <algorithm>
#include <utility>

#include "apps/plimsoll/command_frame.h"
#include "apps/plimsoll/signals.h"
#include "plimsoll/base/log.h"

namespace plimsoll::cli {
namespace {

constexpr Duration frame_period = std::chrono::milliseconds(250);
// Times are told in whole seconds, so that is how often something changes where nothing happens.
constexpr Duration idle_period = std::chrono::seconds(1);
constexpr Duration publication_period = std::chrono::seconds(1);
// A run that is over by then has no view that flashes up and goes.
constexpr Duration first_frame = std::chrono::milliseconds(300);

}  // namespace

RunWatch::RunWatch(const view::RunObserver::Setup& setup, const std::string& live_folder, RunTeller* teller)
    : observer_(setup), teller_(teller), next_frame_(setup.started + first_frame), next_publication_(setup.started) {
    auto file = view::LiveFile::open(live_folder, setup.run);
    if (file) file_.emplace(std::move(*file));
    else log(LogLevel::warning, "`plimsoll watch` and `plimsoll top` cannot see this run: " + file.error().message);
}

Instant RunWatch::due() const {
    const Instant frame = !draws()      ? Instant::max()
                          : is_changed_ ? next_frame_
                                        : std::max(next_frame_, last_frame_ + idle_period);
    return std::min(frame, file_ ? next_publication_ : Instant::max());
}

void RunWatch::heed(const loop::Loop& loop, std::span<const loop::Event> events) {
    observer_.heed(loop, events);
    is_changed_ |= !events.empty();
}

void RunWatch::look(const loop::Loop& loop, const machine::Others& others, Instant now) {
    const bool frame = draws() && now >= next_frame_, publishes = file_ && now >= next_publication_;
    if (!frame && !publishes) return;
    view::RunView run = observer_.look(loop, others, now);
    if (publishes) {
        next_publication_ = now + publication_period;
        if (const auto published = file_->publish(run); !published) {
            log(LogLevel::warning, "`plimsoll watch` does not see this run any more: " + published.error().message);
            file_.reset();
        }
    }
    if (!frame) return;
    last_frame_ = now;
    next_frame_ = now + frame_period;
    is_changed_ = false;
    teller_->look(std::move(run));
}

void RunWatch::pause() {
    if (teller_) teller_->hide();
    Signals::pause_here();
    is_changed_ = true;
    next_frame_ = {};
}

std::string own_live_folder() { return view::live_folder(ledger_file()); }

}  // namespace plimsoll::cli
