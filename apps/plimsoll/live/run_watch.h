// SPDX-License-Identifier: Apache-2.0
// RunWatch: shows how a run stands, to its own terminal and to whoever watches it from another one, as often as that is
// worth something and no more.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "apps/plimsoll/run_teller.h"
#include "plimsoll/machine/capacity.h"
#include "plimsoll/view/live_file.h"
#include "plimsoll/view/run_observer.h"

namespace plimsoll::cli {

class RunWatch {
public:
    /// Without a teller only others see it. Where the folder of live files cannot be had, a warning says so, and only
    /// the run's own terminal shows it.
    RunWatch(const view::RunObserver::Setup& setup, const std::string& live_folder, RunTeller* teller);

    /// When it is to be looked at next, whatever happens.
    Instant due() const;
    void heed(const loop::Loop& loop, std::span<const loop::Event> events);
    /// Looks and shows, if it is time.
    void look(const loop::Loop& loop, const machine::Others& others, Instant now);
    /// Ctrl-Z: leaves the terminal in order, and stops; afterwards all is drawn anew.
    void pause();

private:
    bool draws() const { return teller_ && teller_->draws(); }
    view::RunObserver observer_;
    RunTeller* teller_;
    std::optional<view::LiveFile> file_;
    Instant next_frame_, next_publication_;
    Instant last_frame_{};
    bool is_changed_ = false;
};

/// The folder in which runs on this ledger say how they stand: the ledger is $PLIMSOLL_LEDGER, or the machine's.
std::string own_live_folder();

}  // namespace plimsoll::cli
