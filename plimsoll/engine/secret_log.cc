// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/engine/secret_log.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "plimsoll/engine/mask.h"
#include "plimsoll/engine/open_for_child.h"

namespace plimsoll::engine {
namespace {

Result<void> write_all(const Fd& file, std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = ::write(file.fd(), text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return system_error("write the log", written < 0 ? errno : ENOSPC);
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
}

}  // namespace

Result<Fd> open_secret_log(const std::string& folder) {
    PLIM_TRY(make_folders(folder));
    if (auto nameless = open_for_child(folder, O_TMPFILE | O_RDWR | O_APPEND)) return nameless;
    // A file system that knows no nameless files: it has a name for a moment, before anything is written.
    std::string name = folder + "/.secret-XXXXXX";
    const Fd made(::mkostemp(name.data(), O_APPEND | O_CLOEXEC));
    if (!made) return system_error("make a log in " + folder);
    auto file = open_for_child(name, O_RDWR | O_APPEND);
    ::unlink(name.c_str());
    return file;
}

Result<void> keep_masked(const Fd& log, const std::string& path, std::vector<std::string> values) {
    Fd kept;
    Mask mask(std::move(values));
    off_t at = 0;
    char part[65536];
    while (true) {
        const ssize_t got = ::pread(log.fd(), part, sizeof part, at);
        if (got < 0) return system_error("read what the task printed");
        if (got == 0) break;
        if (!kept) kept = PLIM_TRY(open_file(path, O_WRONLY | O_CREAT | O_TRUNC, 0600));
        PLIM_TRY(write_all(kept, mask.feed({part, static_cast<std::size_t>(got)})));
        at += got;
    }
    return kept ? write_all(kept, mask.finish()) : Result<void>{};
}

}  // namespace plimsoll::engine
