// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/machine/survey.h"

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "plimsoll/base/file.h"
#include "plimsoll/base/text.h"
#include "plimsoll/machine/folder_names.h"
#include "plimsoll/machine/gpus.h"
#include "plimsoll/machine/proc_numbers.h"

namespace plimsoll::machine {
namespace {

bool is_there(const std::string& path) { return ::access(path.c_str(), F_OK) == 0; }

std::string line_of(const std::string& path) {
    std::string text = read_file(path).value_or("");
    return text.substr(0, text.find('\n'));
}

/// PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
std::string system_name(const std::string& root) {
    const std::string text = read_file(root + "/etc/os-release").value_or("");
    for (const std::string_view line : split(text, '\n'))
        if (line.starts_with("PRETTY_NAME=")) {
            std::string name(line.substr(12));
            std::erase(name, '"');
            return name;
        }
    return {};
}

/// A line of /proc/cgroups: name, hierarchy, number of groups, enabled.
bool is_memory_off(const std::string& root) {
    const std::string text = read_file(root + "/proc/cgroups").value_or("");
    for (const std::string_view line : split(text, '\n'))
        if (line.starts_with("memory\t")) return line.ends_with("\t0");
    return false;
}

bool holds_processes(const Hierarchy& hierarchy, const std::string& root) {
    const std::string folder = root + hierarchy.mount_point + (hierarchy.own_group == "/" ? "" : hierarchy.own_group);
    const bool is_root = !is_there(folder + "/cgroup.type");
    return !is_root && !read_file(folder + "/cgroup.procs").value_or("").empty();
}

GroupSurvey survey_groups(const std::string& root) {
    GroupSurvey found{.mounted = read_hierarchies(root), .tree = find_cgroups(root)};
    found.memory_is_off = is_memory_off(root);
    for (const Hierarchy& hierarchy : found.mounted) {
        struct statvfs mount{};
        if (::statvfs((root + hierarchy.mount_point).c_str(), &mount) == 0 && (mount.f_flag & ST_RDONLY) != 0)
            found.read_only.push_back(hierarchy.mount_point);
        if (hierarchy.is_v2) found.holds_processes = holds_processes(hierarchy, root);
    }
    return found;
}

Pressure survey_pressure(const std::string& root) {
    const std::string file = root + "/proc/pressure/memory";
    if (!is_there(file)) return Pressure::absent;
    return read_file(file).value_or("").starts_with("some") ? Pressure::told : Pressure::off;
}

/// The model of each GPU that a driver shows; "GPU" where it tells no more.
std::vector<std::string> survey_gpus(const std::string& root) {
    std::vector<std::string> found;
    for (const Gpu& gpu : read_gpus(root, {})) found.push_back(gpu.model);
    if (!found.empty()) return found;
    for (const std::string& device : names_in(root + "/dev", "nvidia"))
        if (device.size() > 6 && device.find_first_not_of("0123456789", 6) == std::string::npos)
            found.emplace_back("NVIDIA GPU");
    if (found.empty()) found.resize(names_in(root + "/dev/dri", "renderD").size(), "GPU");
    return found;
}

struct FileSystem {
    unsigned long magic;
    const char* name;
    bool is_network;
};
// From linux/magic.h and the file systems' own sources.
constexpr FileSystem file_systems[] = {
    {0x6969, "nfs", true},        {0xFF534D42, "cifs", true},    {0xFE534D42, "smb2", true},
    {0x0BD00BD0, "lustre", true}, {0x65735546, "fuse", true},    {0x47504653, "gpfs", true},
    {0x19830326, "beegfs", true}, {0x00C36400, "ceph", true},    {0x01021997, "9p", true},
    {0x01021994, "tmpfs", false}, {0x794c7630, "overlay", false}};

/// What is there of the path.
std::string nearest_folder(std::string path) {
    while (path.size() > 1 && !is_there(path)) path.resize(std::max<std::size_t>(path.rfind('/'), 1));
    return path;
}

FolderSurvey survey_folder(const std::string& what, const std::string& path) {
    FolderSurvey found{.what = what, .path = nearest_folder(path)};
    struct statfs disk{};
    if (::statfs(found.path.c_str(), &disk) != 0) return found;
    for (const FileSystem& each : file_systems)
        if (static_cast<unsigned long>(disk.f_type) == each.magic) {
            found.type = each.name;
            found.is_network = each.is_network;
        }
    found.size = {static_cast<std::int64_t>(disk.f_blocks) * disk.f_bsize};
    found.free = {static_cast<std::int64_t>(disk.f_bavail) * disk.f_bsize};
    found.is_writable = ::access(found.path.c_str(), W_OK) == 0;
    return found;
}

std::uint64_t hard_limit(__rlimit_resource which) {
    rlimit limit{};
    return ::getrlimit(which, &limit) == 0 && limit.rlim_max != RLIM_INFINITY ? limit.rlim_max : 0;
}

Bytes swap_of(const std::string& root) {
    std::uint64_t kib = 0;
    const std::array wanted = {WantedNumber{"SwapTotal", &kib}};
    (void)read_numbers(read_file(root + "/proc/meminfo").value_or(""), wanted);
    return {static_cast<std::int64_t>(kib << 10)};
}

/// Either it is there and ours to write, or it can be made.
bool can_share(const std::string& file) {
    if (is_there(file)) return ::access(file.c_str(), R_OK | W_OK) == 0;
    return ::access(file.substr(0, std::max<std::size_t>(file.rfind('/'), 1)).c_str(), W_OK) == 0;
}

}  // namespace

Result<Survey> survey(const SurveyPlan& plan, const std::string& root) {
    Survey found{.host = PLIM_TRY(read_host(root))};
    found.memory = read_memory(found.host, root);
    found.swap = swap_of(root);
    found.system = system_name(root);
    found.kernel = line_of(root + "/proc/sys/kernel/osrelease");
    found.has_systemd = is_there(root + "/run/systemd/system");
    found.has_user_manager = is_there(root + "/run/user/" + std::to_string(plan.asker.uid) + "/systemd");
    found.is_in_container = is_there(root + "/.dockerenv") || is_there(root + "/run/.containerenv");
    found.asker = plan.asker;
    found.groups = survey_groups(root);
    found.pressure = survey_pressure(root);
    found.open_files = hard_limit(RLIMIT_NOFILE);
    found.processes = hard_limit(RLIMIT_NPROC);
    found.gpus = survey_gpus(root);
    found.ledger = plan.ledger;
    found.ledger_is_shared = can_share(plan.ledger);
    for (const auto& [what, path] : plan.folders) found.folders.push_back(survey_folder(what, path));
    return found;
}

}  // namespace plimsoll::machine
