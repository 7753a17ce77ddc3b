// SPDX-License-Identifier: Apache-2.0
// Files as the rest of Plimsoll uses them: an owned descriptor, whole-file reads, and writes that are
// either wholly there after a crash or not at all.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "plimsoll/base/result.h"

namespace plimsoll {

/// Owns a file descriptor; closes it on destruction. Empty when fd() < 0.
class Fd {
public:
    Fd() = default;
    explicit Fd(int fd) : fd_(fd) {}
    Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Fd& operator=(Fd&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~Fd();
    int fd() const { return fd_; }
    explicit operator bool() const { return fd_ >= 0; }

private:
    int fd_ = -1;
};

/// Opens with O_CLOEXEC; flags and mode as open(2).
Result<Fd> open_file(const std::string& path, int flags, unsigned mode = 0600);
/// The whole file; for /proc and cgroup files too, whose size reads 0.
Result<std::string> read_file(const std::string& path);
/// One write(2), as kernel interfaces want it; no O_CREAT.
Result<void> write_kernel_file(const std::string& path, std::string_view text);
/// Replaces the file's content: a temporary beside it, synced, renamed over it, the folder synced.
Result<void> replace_file(const std::string& path, std::string_view text, unsigned mode = 0600);
/// mkdir -p with this mode for what is missing.
Result<void> make_folders(const std::string& path, unsigned mode = 0700);

}  // namespace plimsoll
