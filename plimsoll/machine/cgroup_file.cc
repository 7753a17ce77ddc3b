// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/machine/cgroup_file.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <memory>

#include "plimsoll/base/file.h"
#include "plimsoll/machine/proc_numbers.h"

namespace plimsoll::machine {
namespace {

Error explain(const std::string& folder, std::string_view file, std::string_view text, int error_number) {
    if (::access(folder.c_str(), F_OK) != 0) return {ErrorKind::not_found, "the group " + folder + " has vanished"};
    const std::string path = folder + "/" + std::string(file);
    if (error_number == ENOENT) return unavailable(path + " is not there: its controller is missing");
    Error error = system_error("write '" + std::string(text) + "' to " + path, error_number);
    if (error_number == EBUSY) error.kind = ErrorKind::refused;
    return error;
}

}  // namespace

Result<void> write_group_file(const std::string& folder, std::string_view file, std::string_view text) {
    const Fd opened(::open((folder + "/" + std::string(file)).c_str(), O_WRONLY | O_CLOEXEC));
    if (!opened) return explain(folder, file, text, errno);
    // A limit that has to reclaim first gives up when a signal comes.
    while (::write(opened.fd(), text.data(), text.size()) < 0)
        if (errno != EINTR) return explain(folder, file, text, errno);
    return {};
}

std::optional<std::uint64_t> number_in(const std::string& path) {
    const auto text = read_file(path);
    return text ? single_number(*text) : std::nullopt;
}

std::optional<std::uint64_t> number_in(const std::string& path, std::string_view name) {
    const auto text = read_file(path);
    if (!text) return std::nullopt;
    std::uint64_t number = 0;
    const WantedNumber wanted[] = {{name, &number}};
    return read_numbers(*text, wanted) == 1 ? std::optional(number) : std::nullopt;
}

void hand_down_controller(const std::string& hierarchy, const std::string& name, std::string_view controller) {
    for (std::size_t slash = 0; slash != std::string::npos; slash = name.find('/', slash + 1)) {
        const std::string parent = slash == 0 ? hierarchy : hierarchy + "/" + name.substr(0, slash);
        (void)write_group_file(parent, "cgroup.subtree_control", "+" + std::string(controller));
    }
}

std::vector<std::string> folders_in(const std::string& folder) {
    std::vector<std::string> found;
    const std::unique_ptr<DIR, int (*)(DIR*)> open(::opendir(folder.c_str()), ::closedir);
    if (!open) return found;
    while (const dirent* entry = ::readdir(open.get()))
        if (entry->d_type == DT_DIR && entry->d_name[0] != '.') found.emplace_back(entry->d_name);
    return found;
}

}  // namespace plimsoll::machine
