// SPDX-License-Identifier: Apache-2.0
#include "apps/plimsoll/follow.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

namespace plimsoll::cli {

std::string Follower::read_new() {
    if (!file_) {
        auto opened = open_file(path_, O_RDONLY);
        if (!opened) return {};
        file_ = std::move(*opened);
    }
    std::string text;
    char part[16384];
    // At most this much a call, so that following a large log shows it in pieces instead of holding it all.
    while (text.size() < (1U << 20)) {
        const ssize_t got = ::read(file_.fd(), part, sizeof part);
        if (got <= 0) break;
        text.append(part, static_cast<std::size_t>(got));
    }
    return text;
}

void pause_for(Duration span) {
    ::poll(nullptr, 0, static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(span).count()));
}

}  // namespace plimsoll::cli
