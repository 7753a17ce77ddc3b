// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/workflow/file_stamp.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <vector>

#include "plimsoll/base/file.h"

namespace plimsoll::workflow {
namespace {

std::int64_t mtime_of(const struct stat& found) { return found.st_mtim.tv_sec * 1'000'000'000 + found.st_mtim.tv_nsec; }

struct Entry {
    std::string name;
    struct stat found{};
};

/// What is in an open folder, by name, links not followed. An error when it cannot be read.
Result<std::vector<Entry>> entries_of(int folder) {
    const int own = ::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (own < 0) return system_error("open a folder");
    DIR* listing = ::fdopendir(own);
    if (!listing) {
        ::close(own);
        return system_error("list a folder");
    }
    std::vector<Entry> entries;
    while (const dirent* next = ::readdir(listing)) {
        const std::string_view name = next->d_name;
        if (name == "." || name == ".." || name == ".plimsoll") continue;
        Entry entry{std::string(name)};
        // What vanishes between listing and looking is as good as gone.
        if (::fstatat(folder, entry.name.c_str(), &entry.found, AT_SYMLINK_NOFOLLOW) == 0)
            entries.push_back(std::move(entry));
    }
    ::closedir(listing);
    std::ranges::sort(entries, {}, &Entry::name);
    return entries;
}

void add_signed(Hasher& hasher, std::int64_t number) {
    hasher.add_raw({reinterpret_cast<const char*>(&number), sizeof number});
}

std::string link_text(int folder, const std::string& name) {
    char text[4096];
    const ssize_t length = ::readlinkat(folder, name.c_str(), text, sizeof text);
    return {text, length < 0 ? 0 : static_cast<std::size_t>(length)};
}

Result<void> add_stamps(int folder, Hasher& hasher, Sighting& total) {
    for (const Entry& entry : PLIM_TRY(entries_of(folder))) {
        const bool is_folder = S_ISDIR(entry.found.st_mode);
        hasher.add_field(entry.name);
        add_signed(hasher, entry.found.st_mode & S_IFMT);
        if (!is_folder) {
            add_signed(hasher, entry.found.st_size);
            add_signed(hasher, mtime_of(entry.found));
            add_signed(hasher, static_cast<std::int64_t>(entry.found.st_ino));
            total.bytes.count += entry.found.st_size;
            total.mtime_ns = std::max(total.mtime_ns, mtime_of(entry.found));
        }
        if (!is_folder) continue;
        const Fd inner(::openat(folder, entry.name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
        if (!inner) return system_error("open the folder " + entry.name);
        PLIM_TRY(add_stamps(inner.fd(), hasher, total));
        hasher.add_field("");  // no entry is named so: the folder ends here
    }
    return {};
}

Sighting look_into(int at, const std::string& path) {
    Sighting seen{.kind = Sighting::Kind::folder};
    const Fd folder(::openat(at, path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    Hasher hasher;
    if (!folder || !add_stamps(folder.fd(), hasher, seen)) return {.kind = Sighting::Kind::nothing, .error = EACCES};
    seen.inode = hasher.digest().low;
    return seen;
}

bool same_file(const struct stat& before, const struct stat& after) {
    return before.st_size == after.st_size && mtime_of(before) == mtime_of(after) && before.st_ino == after.st_ino;
}

Result<void> add_file(int at, const std::string& path, int flags, Hasher& hasher) {
    const Fd file(::openat(at, path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | flags));
    if (!file) return system_error("open " + path);
    struct stat before{}, after{};
    if (::fstat(file.fd(), &before) < 0) return system_error("look at " + path);
    if (!S_ISREG(before.st_mode)) return unavailable(path + " is not a regular file: its content cannot be hashed");
    std::vector<char> part(static_cast<std::size_t>(std::clamp<std::int64_t>(before.st_size + 1, 1, 1 << 20)));
    while (true) {
        const ssize_t got = ::read(file.fd(), part.data(), part.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return system_error("read " + path);
        if (got == 0) break;
        hasher.add_raw({part.data(), static_cast<std::size_t>(got)});
    }
    if (::fstat(file.fd(), &after) < 0) return system_error("look at " + path);
    if (!same_file(before, after)) return Error{ErrorKind::refused, path + " changes while it is being read"};
    return {};
}

Result<void> add_contents(int folder, Hasher& hasher) {
    for (const Entry& entry : PLIM_TRY(entries_of(folder))) {
        hasher.add_field(entry.name);
        add_signed(hasher, entry.found.st_mode & S_IFMT);
        if (S_ISLNK(entry.found.st_mode)) hasher.add_field(link_text(folder, entry.name));
        if (S_ISREG(entry.found.st_mode)) {
            add_signed(hasher, entry.found.st_size);
            PLIM_TRY(add_file(folder, entry.name, O_NOFOLLOW, hasher));
        }
        if (!S_ISDIR(entry.found.st_mode)) continue;
        const Fd inner(::openat(folder, entry.name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
        if (!inner) return system_error("open the folder " + entry.name);
        PLIM_TRY(add_contents(inner.fd(), hasher));
        hasher.add_field("");
    }
    return {};
}

}  // namespace

Sighting look(int folder, const std::string& path) {
    struct stat found{};
    if (::fstatat(folder, path.c_str(), &found, 0) < 0) {
        return {.kind = Sighting::Kind::nothing, .error = errno == ENOENT || errno == ENOTDIR ? 0 : errno};
    }
    if (S_ISDIR(found.st_mode)) return look_into(folder, path);
    return {.kind = S_ISREG(found.st_mode) ? Sighting::Kind::file : Sighting::Kind::other,
            .size = found.st_size,
            .mtime_ns = mtime_of(found),
            .inode = found.st_ino,
            .bytes = {found.st_size}};
}

Result<Hash128> hash_content(int folder, const std::string& path) {
    Hasher hasher;
    struct stat found{};
    if (::fstatat(folder, path.c_str(), &found, 0) < 0) return system_error("look at " + path);
    if (!S_ISDIR(found.st_mode)) {
        PLIM_TRY(add_file(folder, path, 0, hasher));
        return hasher.digest();
    }
    const Fd inner(::openat(folder, path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!inner) return system_error("open the folder " + path);
    if (auto added = add_contents(inner.fd(), hasher); !added) return added.error().within(path);
    return hasher.digest();
}

Duration mtime_granularity(int folder) {
    // Twice the longest tick (100 Hz), so that a stamp and a clock read around a tick do not disagree.
    constexpr Duration coarse = std::chrono::milliseconds(20);
    const Fd file(::openat(folder, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600));
    if (!file) return coarse;
    // Four writes within some microseconds meet at most one tick.
    std::int64_t last = 0;
    for (int writes = 0; writes < 4; ++writes) {
        struct stat found{};
        if (::write(file.fd(), "x", 1) != 1 || ::fstat(file.fd(), &found) < 0) return coarse;
        if (mtime_of(found) == last) return coarse;
        last = mtime_of(found);
    }
    return Duration::zero();
}

}  // namespace plimsoll::workflow
