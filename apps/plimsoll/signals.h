// SPDX-License-Identifier: Apache-2.0
// Ctrl-C, SIGTERM and SIGHUP as something a loop can wait for: blocked, and read from a descriptor.
#pragma once

#include "plimsoll/base/file.h"

namespace plimsoll::cli {

class Signals {
public:
    /// Blocks them in this thread and in all that it starts. SIGPIPE too, and for good: a run goes on when whoever
    /// reads what it prints has gone.
    /// `with_pause`: Ctrl-Z too, for who draws on the terminal and has to put it in order first.
    static Result<Signals> open(bool with_pause = false);
    int fd() const { return fd_.fd(); }
    /// How many have come since the last call, as stop requests: `polite` from SIGINT and SIGTERM,
    /// `now` from SIGUSR1, which `plimsoll stop --now` sends. `hung_up` from SIGHUP, of which the end of one terminal
    /// may send several (the kernel's, the shell's), and which is not listened to where it was ignored (nohup).
    /// `paused` by SIGTSTP: to be followed by pause_here() once all is in order.
    struct Seen {
        int polite = 0;
        int hung_up = 0;
        int now = 0;
        int paused = 0;
        bool any() const { return polite + hung_up + now > 0; }
    };
    Seen take();
    /// Stops this process as Ctrl-Z does; returns when it goes on (fg, bg).
    static void pause_here();

private:
    explicit Signals(Fd fd) : fd_(std::move(fd)) {}
    Fd fd_;
};

}  // namespace plimsoll::cli
