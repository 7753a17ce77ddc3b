// SPDX-License-Identifier: Apache-2.0
// The signals of a command in the foreground: blocked here, read from a descriptor, passed on to it.
//
// What the terminal sends (Ctrl-C, Ctrl-\, a closed window) reaches the whole foreground group, the command with it,
// and is not passed on a second time. What a process sends to us alone (kill, a supervisor) is. Ctrl-Z is left alone:
// it stops us and the command together, as `fg` continues both.
#pragma once

#include <signal.h>

#include <utility>
#include <vector>

#include "plimsoll/base/file.h"

namespace plimsoll::cli {

class PassedSignals {
public:
    /// Blocks HUP, INT, QUIT, TERM, USR1, USR2 and PIPE in this thread and in all that it starts.
    static Result<PassedSignals> open();
    int fd() const { return fd_.fd(); }
    /// The mask there was before: the command's.
    const sigset_t& mask_before() const { return before_; }

    struct Seen {
        int number = 0;
        bool from_terminal = false;  ///< the command has got it as well
    };
    std::vector<Seen> take();

private:
    PassedSignals(Fd fd, const sigset_t& before) : fd_(std::move(fd)), before_(before) {}
    Fd fd_;
    sigset_t before_;
};

/// Ends this process by that signal, so that a shell script that waits for it ends at Ctrl-C as the command did.
void end_by(int number);

}  // namespace plimsoll::cli
