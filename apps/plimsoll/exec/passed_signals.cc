// SPDX-License-Identifier: Apache-2.0
#include "apps/plimsoll/exec/passed_signals.h"

#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

namespace plimsoll::cli {

Result<PassedSignals> PassedSignals::open() {
    sigset_t wanted;
    sigemptyset(&wanted);
    for (const int number : {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2}) {
        struct sigaction action{};
        const bool is_ignored = ::sigaction(number, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
        if (!is_ignored) sigaddset(&wanted, number);
    }
    sigset_t blocked = wanted, before;
    sigaddset(&blocked, SIGPIPE);
    if (::pthread_sigmask(SIG_BLOCK, &blocked, &before) != 0) return system_error("block signals");
    Fd fd(::signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK));
    if (!fd) return system_error("make a signalfd");
    return PassedSignals(std::move(fd), before);
}

std::vector<PassedSignals::Seen> PassedSignals::take() {
    std::vector<Seen> seen;
    signalfd_siginfo info{};
    while (::read(fd_.fd(), &info, sizeof info) == static_cast<ssize_t>(sizeof info))
        seen.push_back({static_cast<int>(info.ssi_signo), info.ssi_code == SI_KERNEL});
    return seen;
}

void end_by(int number) {
    const rlimit no_core{0, 0};
    ::setrlimit(RLIMIT_CORE, &no_core);
    ::signal(number, SIG_DFL);
    sigset_t only;
    sigemptyset(&only);
    sigaddset(&only, number);
    ::pthread_sigmask(SIG_UNBLOCK, &only, nullptr);
    ::raise(number);
}

}  // namespace plimsoll::cli
