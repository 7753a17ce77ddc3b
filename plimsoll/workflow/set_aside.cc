// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/workflow/set_aside.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <optional>
#include <vector>

#include "plimsoll/base/file.h"
#include "plimsoll/base/hash.h"
#include "plimsoll/base/path.h"
#include "plimsoll/base/probe.h"
#include "plimsoll/base/text.h"

namespace plimsoll::workflow {
namespace {

constexpr const char* drawers = ".plimsoll/set-aside";

/// Users look into these folders; the umask has the last word.
constexpr unsigned folder_mode = 0777;

Error cannot(const std::string& what, int error_number) {
    return with_remedy(system_error(what, error_number), error_number);
}

/// A path as it stands below a drawer: no way up, no root.
std::string below_drawer(std::string_view path) {
    std::string below;
    for (const std::string_view part : split(path, '/')) {
        if (part.empty() || part == ".") continue;
        if (!below.empty()) below += '/';
        below += part == ".." ? "_up" : part;
    }
    return below;
}

std::string parent_of(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    return slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
}

/// Renames without overwriting; errno says why not.
bool rename_to_free_name(const std::string& from, const std::string& to) {
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return true;
    if (errno != EINVAL && errno != ENOSYS) return false;
    PLIM_PROBE("set aside: a file system without RENAME_NOREPLACE");
    struct stat found{};
    if (::lstat(to.c_str(), &found) == 0) {
        errno = EEXIST;
        return false;
    }
    return ::rename(from.c_str(), to.c_str()) == 0;
}

Result<std::vector<std::string>> names_in(int folder) {
    const int own = ::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR* listing = own < 0 ? nullptr : ::fdopendir(own);
    if (!listing) {
        const int why = errno;
        if (own >= 0) ::close(own);
        return system_error("list a folder", why);
    }
    std::vector<std::string> names;
    while (const dirent* next = ::readdir(listing)) {
        const std::string_view name = next->d_name;
        if (name != "." && name != "..") names.emplace_back(name);
    }
    ::closedir(listing);
    std::ranges::sort(names);
    return names;
}

Result<void> append_line(const std::string& path, const std::string& line) {
    const Fd file = PLIM_TRY(open_file(path, O_WRONLY | O_CREAT | O_APPEND, 0666));
    const std::string text = line + "\n";
    if (::write(file.fd(), text.data(), text.size()) != static_cast<ssize_t>(text.size()))
        return cannot("write " + path, errno);
    return {};
}

/// The folders beside files of other file systems; each ends in the drawers of this very run.
Result<void> prune_elsewhere(const std::string& run_folder, const std::string& run) {
    const auto places = read_file(run_folder + "/elsewhere");
    if (!places) return {};
    const std::string in_drawer = fmt::format("/{}/{}", drawers, run);
    for (const std::string_view place : split(*places, '\n')) {
        if (!place.ends_with(in_drawer)) continue;
        PLIM_TRY(remove_entry(AT_FDCWD, std::string(place)));
        ::rmdir(parent_of(std::string(place)).c_str());
        ::rmdir(parent_of(parent_of(std::string(place))).c_str());
    }
    return {};
}

/// Moves `from` to `to` or, where that is taken, to `to` with a number. Gives the name it got; nothing when
/// it is on another file system.
Result<std::optional<std::string>> move_to(const std::string& from, const std::string& to) {
    if (auto made = make_folders(parent_of(to), folder_mode); !made) return with_remedy(made.error(), errno);
    std::string free_name = to;
    for (int copy = 1; !rename_to_free_name(from, free_name); ++copy) {
        if (errno == EXDEV) return std::optional<std::string>();
        if (errno != EEXIST) return cannot("set " + from + " aside as " + free_name, errno);
        free_name = to + "." + std::to_string(copy);
    }
    return std::optional(std::move(free_name));
}

}  // namespace

Result<std::string> SetAside::move(const std::string& path, std::string_view drawer) const {
    std::string from = resolved_path(folder_, path);
    while (from.size() > 1 && from.ends_with('/')) from.pop_back();
    const std::string run = fmt::format("/{}/{}", drawers, run_);
    const std::string in_run = "/" + as_component(drawer) + "/";
    if (auto moved = PLIM_TRY(move_to(from, folder_ + run + in_run + below_drawer(path))))
        return moved->substr(folder_.size() + 1);
    PLIM_PROBE("set aside: another file system");
    const std::string beside = parent_of(from) + run;
    PLIM_TRY(make_folders(folder_ + run, folder_mode));
    PLIM_TRY(append_line(folder_ + run + "/elsewhere", beside));
    auto moved = PLIM_TRY(move_to(from, beside + in_run + from.substr(from.rfind('/') + 1)));
    if (!moved) return cannot("set " + from + " aside", EBUSY);
    return *std::move(moved);
}

Result<int> prune_set_aside(const std::string& folder, int keep_latest_runs) {
    const std::string place = folder + "/" + drawers;
    const Fd open(::open(place.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!open && errno == ENOENT) return 0;
    if (!open) return cannot("open " + place, errno);
    // Run ids sort by time.
    std::vector<std::string> runs = PLIM_TRY(names_in(open.fd()));
    const auto kept = static_cast<std::size_t>(std::max(0, keep_latest_runs));
    if (runs.size() <= kept) return 0;
    runs.resize(runs.size() - kept);
    for (const std::string& run : runs) {
        PLIM_TRY(prune_elsewhere(place + "/" + run, run));
        PLIM_TRY(remove_entry(open.fd(), run));
    }
    return static_cast<int>(runs.size());
}

Result<void> remove_entry(int at, const std::string& path) {
    if (::unlinkat(at, path.c_str(), 0) == 0 || errno == ENOENT) return {};
    if (errno != EISDIR && errno != EPERM) return cannot("delete " + path, errno);
    const int why = errno;
    const Fd folder(::openat(at, path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!folder) return cannot("delete " + path, errno == ENOTDIR ? why : errno);
    for (const std::string& name : PLIM_TRY(names_in(folder.fd()))) {
        if (auto removed = remove_entry(folder.fd(), name); !removed) return removed.error().within(path);
    }
    if (::unlinkat(at, path.c_str(), AT_REMOVEDIR) < 0 && errno != ENOENT) return cannot("delete " + path, errno);
    return {};
}

std::string remedy_for(int error_number) {
    switch (error_number) {
        case ENOSPC: return "the file system is full; free space on it (df -h) and run again";
        case EDQUOT: return "the disk quota is used up; delete files or ask for more and run again";
        case EROFS: return "the file system is mounted read-only; remount it writable or put the workflow elsewhere";
        case EACCES:
            return "give yourself write permission on the folder (ls -ld, chmod u+rwx) or have its owner do it";
        case EPERM: return "the file or its folder is protected (owner, sticky bit, or an immutable flag: lsattr)";
        case ELOOP: return "symbolic links lead in a circle; remove one of them";
        case ENAMETOOLONG: return "shorten the path";
        case EBUSY: return "something is mounted there; unmount it or choose another output path";
        case EIO: return "the disk reports an error; see dmesg";
        default: return {};
    }
}

Error with_remedy(Error error, int error_number) {
    if (const std::string remedy = remedy_for(error_number); !remedy.empty()) error.message += ": " + remedy;
    return error;
}

std::string as_component(std::string_view name) {
    // 255 is what a path component may have; room is left for a suffix.
    constexpr std::size_t longest = 200;
    std::string safe(name.substr(0, longest));
    for (char& letter : safe)
        if (letter == '/' || static_cast<unsigned char>(letter) < 0x20) letter = '_';
    if (name.size() > longest) safe += "-" + hash_of(name).hex().substr(0, 16);
    if (safe.empty() || safe == "." || safe == "..") safe = "_" + safe;
    return safe;
}

}  // namespace plimsoll::workflow
