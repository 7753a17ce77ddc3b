// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/telemetry/kernel_file.h"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstring>

namespace plimsoll::telemetry {
namespace {

/// As getdents64(2) fills them in; readdir(3) would allocate 32 KiB for every folder.
struct EntryHead {
    std::uint64_t inode;
    std::int64_t offset;
    unsigned short length;
    unsigned char type;
};
constexpr std::size_t name_offset = 19;

}  // namespace

std::string_view ReadBuffer::read(const Fd& file) {
    std::size_t filled = 0;
    errno = 0;
    while (filled < room_.size()) {
        const ssize_t got =
            ::pread(file.fd(), room_.data() + filled, room_.size() - filled, static_cast<off_t>(filled));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return {};
        filled += static_cast<std::size_t>(got);
        // The kernel gives small files whole; only what fills a page may go on.
        if (got == 0 || filled < 4000) break;
    }
    errno = 0;
    return {room_.data(), filled};
}

std::string_view ReadBuffer::read_at(int folder, const char* path) {
    const Fd file(::openat(folder, path, O_RDONLY | O_CLOEXEC));
    return file ? read(file) : std::string_view{};
}

std::uint32_t ReadBuffer::count_lines(const Fd& file) {
    std::uint32_t lines = 0;
    off_t at = 0;
    while (true) {
        const ssize_t got = ::pread(file.fd(), room_.data(), room_.size(), at);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return lines;
        lines += static_cast<std::uint32_t>(std::count(room_.data(), room_.data() + got, '\n'));
        at += got;
    }
}

ProcessPath::ProcessPath(int pid, const char* file) { std::snprintf(text_.data(), text_.size(), "%d/%s", pid, file); }

ProcessPath ProcessPath::of_children(int pid, int thread) {
    ProcessPath path;
    std::snprintf(path.text_.data(), path.text_.size(), "%d/task/%d/children", pid, thread);
    return path;
}

bool add_numbered_entries(int parent, const char* folder, std::vector<int>& numbers) {
    const Fd open(::openat(parent, folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!open) return false;
    alignas(EntryHead) std::array<char, 4096> room;
    while (true) {
        const long got = ::syscall(SYS_getdents64, open.fd(), room.data(), room.size());
        if (got <= 0) return got == 0;
        for (long at = 0; at < got;) {
            EntryHead head;
            std::memcpy(&head, room.data() + at, name_offset);
            const char* name = room.data() + at + name_offset;
            int number = 0;
            const auto [end, error] = std::from_chars(name, name + std::strlen(name), number);
            if (error == std::errc{} && *end == '\0') numbers.push_back(number);
            at += head.length;
        }
    }
}

}  // namespace plimsoll::telemetry
