// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/base/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace plimsoll {
namespace {

Result<void> write_all(int fd, std::string_view text, const std::string& path) {
    while (!text.empty()) {
        const ssize_t written = ::write(fd, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return system_error("write " + path);
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
}

std::string folder_of(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    return slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
}

}  // namespace

Fd::~Fd() {
    if (fd_ >= 0) ::close(fd_);
}

Result<Fd> open_file(const std::string& path, int flags, unsigned mode) {
    Fd file(::open(path.c_str(), flags | O_CLOEXEC, mode));
    if (!file) return system_error("open " + path);
    return file;
}

Result<std::string> read_file(const std::string& path) {
    const Fd file = PLIM_TRY(open_file(path, O_RDONLY));
    std::string text;
    char part[16384];
    while (true) {
        const ssize_t got = ::read(file.fd(), part, sizeof part);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return system_error("read " + path);
        if (got == 0) return text;
        text.append(part, static_cast<std::size_t>(got));
    }
}

Result<void> write_kernel_file(const std::string& path, std::string_view text) {
    const Fd file = PLIM_TRY(open_file(path, O_WRONLY));
    // A limit that has to reclaim first gives up when a signal comes.
    while (::write(file.fd(), text.data(), text.size()) < 0)
        if (errno != EINTR) return system_error("write '" + std::string(text) + "' to " + path);
    return {};
}

Result<void> replace_file(const std::string& path, std::string_view text, unsigned mode) {
    const std::string beside = path + ".new." + std::to_string(::getpid());
    {
        const Fd file = PLIM_TRY(open_file(beside, O_WRONLY | O_CREAT | O_TRUNC, mode));
        if (auto written = write_all(file.fd(), text, beside); !written) {
            ::unlink(beside.c_str());
            return written;
        }
        if (::fsync(file.fd()) < 0) return system_error("sync " + beside);
    }
    if (::rename(beside.c_str(), path.c_str()) < 0) return system_error("rename " + beside + " to " + path);
    const Fd folder = PLIM_TRY(open_file(folder_of(path), O_RDONLY | O_DIRECTORY));
    // Some file systems cannot sync a folder; the rename is then as durable as they make it.
    if (::fsync(folder.fd()) < 0 && errno != EINVAL) return system_error("sync " + folder_of(path));
    return {};
}

Result<void> make_folders(const std::string& path, unsigned mode) {
    if (path.empty() || ::mkdir(path.c_str(), mode) == 0) return {};
    if (errno == ENOENT) {
        PLIM_TRY(make_folders(folder_of(path), mode));
        if (::mkdir(path.c_str(), mode) == 0) return {};
    }
    if (errno != EEXIST) return system_error("make the folder " + path);
    struct stat found{};
    if (::stat(path.c_str(), &found) < 0) return system_error("look at " + path);
    if (!S_ISDIR(found.st_mode))
        return unavailable("cannot make the folder " + path + ": a file of that name is there");
    return {};
}

}  // namespace plimsoll
