// SPDX-License-Identifier: Apache-2.0
#include "apps/plimsoll/signals.h"

#include <sys/signalfd.h>
#include <unistd.h>

#include <csignal>

namespace plimsoll::cli {
namespace {

bool is_ignored(int number) {
    struct sigaction action{};
    return ::sigaction(number, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

}  // namespace

Result<Signals> Signals::open(bool with_pause) {
    sigset_t wanted;
    sigemptyset(&wanted);
    for (const int number : {SIGINT, SIGTERM, SIGUSR1}) sigaddset(&wanted, number);
    // Under nohup a closed terminal is no reason to end; once blocked, the signal would be seen all the same.
    if (!is_ignored(SIGHUP)) sigaddset(&wanted, SIGHUP);
    // Where no shell knows of jobs nobody would ever wake us.
    if (with_pause && !is_ignored(SIGTSTP)) sigaddset(&wanted, SIGTSTP);
    sigset_t blocked = wanted;
    sigaddset(&blocked, SIGPIPE);
    if (::pthread_sigmask(SIG_BLOCK, &blocked, nullptr) != 0) return system_error("block signals");
    Fd fd(::signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK));
    if (!fd) return system_error("make a signalfd");
    return Signals(std::move(fd));
}

Signals::Seen Signals::take() {
    Seen seen;
    signalfd_siginfo info{};
    while (::read(fd_.fd(), &info, sizeof info) == static_cast<ssize_t>(sizeof info)) {
        switch (static_cast<int>(info.ssi_signo)) {
            case SIGUSR1: ++seen.now; break;
            case SIGHUP: ++seen.hung_up; break;
            case SIGTSTP: ++seen.paused; break;
            default: ++seen.polite;
        }
    }
    return seen;
}

void Signals::pause_here() { ::raise(SIGSTOP); }

}  // namespace plimsoll::cli
