// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/view/live_file.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <utility>

#include "plimsoll/machine/process.h"
#include "plimsoll/view/run_view_json.h"

namespace plimsoll::view {
namespace {

constexpr std::string_view ending = ".json";
constexpr const char* draft = ".draft";  // ending of one that is being written

/// The folder, if nobody else can have put anything into it.
Result<Fd> open_own_folder(const std::string& path) {
    Fd folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!folder) return system_error("open " + path);
    struct stat found{};
    if (::fstat(folder.fd(), &found) < 0) return system_error("look at " + path);
    if (found.st_uid != ::geteuid() || (found.st_mode & 077) != 0)
        return Error{ErrorKind::refused, path + " is not this user's own folder; remove it"};
    return folder;
}

std::optional<RunView> read_at(const Fd& folder, const std::string& name) {
    const Fd file(::openat(folder.fd(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
    if (!file) return std::nullopt;
    const auto text = read_file("/proc/self/fd/" + std::to_string(file.fd()));
    if (!text) return std::nullopt;
    auto run = parse_run_view(*text);
    if (!run || !machine::is_alive(run->owner)) return std::nullopt;
    return std::move(*run);
}

std::vector<std::string> names_in(const std::string& path) {
    std::vector<std::string> names;
    const std::unique_ptr<DIR, int (*)(DIR*)> listed(::opendir(path.c_str()), ::closedir);
    if (!listed) return names;
    while (const dirent* entry = ::readdir(listed.get())) {
        const std::string name = entry->d_name;
        if (name.ends_with(ending)) names.push_back(name);
    }
    std::ranges::sort(names);  // ids begin with the time
    return names;
}

}  // namespace

std::string live_folder(std::string_view ledger) {
    return std::string(ledger).append("-live-").append(std::to_string(::geteuid()));
}

Result<LiveFile> LiveFile::open(const std::string& folder, const RunId& run) {
    if (::mkdir(folder.c_str(), 0700) < 0 && errno != EEXIST) return system_error("make the folder " + folder);
    Fd opened = PLIM_TRY(open_own_folder(folder));
    for (const std::string& name : names_in(folder)) {
        if (read_at(opened, name)) continue;
        ::unlinkat(opened.fd(), name.c_str(), 0);
        ::unlinkat(opened.fd(), (name.substr(0, name.size() - ending.size()) + draft).c_str(), 0);
    }
    return LiveFile(std::move(opened), run);
}

LiveFile::~LiveFile() {
    if (!folder_) return;
    ::unlinkat(folder_.fd(), name_.append(ending).c_str(), 0);
}

Result<void> LiveFile::publish(const RunView& run) {
    const std::string text = to_json(run), unfinished = name_ + draft, name = name_ + std::string(ending);
    const Fd file(
        ::openat(folder_.fd(), unfinished.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!file) return system_error("say how the run stands");
    if (::write(file.fd(), text.data(), text.size()) != static_cast<ssize_t>(text.size()) ||
        ::renameat(folder_.fd(), unfinished.c_str(), folder_.fd(), name.c_str()) < 0) {
        const Error error = system_error("say how the run stands");
        ::unlinkat(folder_.fd(), unfinished.c_str(), 0);
        return error;
    }
    return {};
}

std::optional<RunView> read_live(const std::string& folder, const RunId& run) {
    const auto opened = open_own_folder(folder);
    if (!opened) return std::nullopt;
    return read_at(*opened, run + std::string(ending));
}

std::vector<RunView> read_all_live(const std::string& folder) {
    std::vector<RunView> runs;
    const auto opened = open_own_folder(folder);
    if (!opened) return runs;
    for (const std::string& name : names_in(folder))
        if (auto run = read_at(*opened, name)) runs.push_back(std::move(*run));
    return runs;
}

}  // namespace plimsoll::view
