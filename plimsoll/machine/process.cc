// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/machine/process.h"

#include <dirent.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <unordered_set>

#include "plimsoll/base/file.h"
#include "plimsoll/base/text.h"
#include "plimsoll/machine/proc_numbers.h"

namespace plimsoll::machine {
namespace {

bool has_ended(const ProcessStat& stat) { return stat.state == 'Z' || stat.state == 'X'; }

std::string boot_id(const std::string& proc) {
    const auto text = read_file(proc + "/sys/kernel/random/boot_id");
    return text ? text->substr(0, text->find('\n')) : "";
}

/// A process that shows no stat may be hidden (hidepid) rather than gone.
bool is_gone(int pid) { return ::kill(pid, 0) < 0 && errno == ESRCH; }

std::uint64_t pid_namespace(const std::string& proc) {
    char target[64] = {};
    // "pid:[4026531836]"
    const ssize_t length = ::readlink((proc + "/self/ns/pid").c_str(), target, sizeof target - 1);
    std::string_view text(target, length < 0 ? 0 : static_cast<std::size_t>(length));
    text.remove_prefix(std::min(text.find('[') + 1, text.size()));
    return take_number(text).value_or(0);
}

/// The newest pid: the last word of /proc/loadavg.
std::optional<int> newest_pid(const std::string& proc) {
    const auto text = read_file(proc + "/loadavg");
    if (!text) return std::nullopt;
    std::string_view last = *text;
    last.remove_prefix(std::min(last.rfind(' ') + 1, last.size()));
    const auto pid = take_number(last);
    return pid ? std::optional(static_cast<int>(*pid)) : std::nullopt;
}

// Beyond so many pids reading the folder /proc is cheaper than trying each.
constexpr int most_pids_to_try = 1000;

}  // namespace

std::optional<ProcessIdentity> process_identity(int pid, const std::string& proc) {
    const auto stat = process_stat(proc, pid);
    if (!stat || has_ended(*stat)) return std::nullopt;
    return ProcessIdentity{.pid = pid, .start_ticks = stat->start_ticks, .boot_id = boot_id(proc)};
}

bool is_alive(const ProcessIdentity& process, const std::string& proc) {
    if (process.boot_id != boot_id(proc)) return false;
    const auto stat = process_stat(proc, process.pid);
    if (!stat) return !is_gone(process.pid);
    return stat->start_ticks == process.start_ticks && !has_ended(*stat);
}

std::string OwnerMark::text() const {
    return std::to_string(pid) + "-" + std::to_string(start_ticks) + "-" + std::to_string(pid_namespace);
}

std::optional<OwnerMark> parse_owner_mark(std::string_view text) {
    OwnerMark mark;
    const auto take = [&text](std::uint64_t& into, bool more) {
        const auto number = take_number(text);
        if (!number || (more && !text.starts_with('-'))) return false;
        if (more) text.remove_prefix(1);
        into = *number;
        return true;
    };
    std::uint64_t pid = 0;
    if (!take(pid, true) || !take(mark.start_ticks, true) || !take(mark.pid_namespace, false)) return std::nullopt;
    if (!text.empty() || pid == 0 || pid > 1U << 30) return std::nullopt;
    mark.pid = static_cast<int>(pid);
    return mark;
}

OwnerMark own_mark(const std::string& proc) {
    const auto stat = process_stat(proc, ::getpid());
    return {.pid = ::getpid(), .start_ticks = stat ? stat->start_ticks : 0, .pid_namespace = pid_namespace(proc)};
}

bool is_owner_dead(const OwnerMark& owner, const std::string& proc) {
    if (owner.pid_namespace != pid_namespace(proc)) return false;
    const auto stat = process_stat(proc, owner.pid);
    if (!stat) return is_gone(owner.pid);
    return stat->start_ticks != owner.start_ticks || has_ended(*stat);
}

std::vector<ProcessStat> all_processes(const std::string& proc) {
    std::vector<ProcessStat> found;
    const std::unique_ptr<DIR, int (*)(DIR*)> open(::opendir(proc.c_str()), ::closedir);
    if (!open) return found;
    while (const dirent* entry = ::readdir(open.get())) {
        std::string_view name = entry->d_name;
        const auto pid = take_number(name);
        if (!pid || !name.empty()) continue;
        if (auto stat = process_stat(proc, static_cast<int>(*pid))) found.push_back(*stat);
    }
    return found;
}

std::vector<ProcessStat> processes_since(int pid, const std::string& proc) {
    const std::optional<int> newest = newest_pid(proc);
    // Pids that wrapped around are rare enough for the long way.
    if (!newest || *newest < pid || *newest - pid > most_pids_to_try) return all_processes(proc);
    std::vector<ProcessStat> found;
    for (int each = pid + 1; each <= *newest; ++each) {
        if (is_gone(each)) continue;
        if (auto stat = process_stat(proc, each)) found.push_back(*stat);
    }
    return found;
}

std::optional<std::vector<int>> own_children() {
    std::vector<int> children;
    std::error_code error;
    // Each thread lists its own; which of them an orphan is given to is the kernel's choice.
    for (const auto& thread : std::filesystem::directory_iterator("/proc/self/task", error)) {
        const auto text = read_file(thread.path().string() + "/children");
        if (!text) return std::nullopt;
        for (const std::string_view word : split(*text, ' '))
            if (!word.empty()) children.push_back(std::atoi(std::string(word).c_str()));
    }
    if (error) return std::nullopt;
    return children;
}

std::optional<std::string> environment_value(int pid, std::string_view name, const std::string& proc) {
    const auto text = read_file(proc + "/" + std::to_string(pid) + "/environ");
    if (!text) return std::nullopt;
    for (const std::string_view entry : split(*text, '\0'))
        if (entry.size() > name.size() && entry.starts_with(name) && entry[name.size()] == '=')
            return std::string(entry.substr(name.size() + 1));
    return std::nullopt;
}

std::uint64_t oom_kills_since_boot(const std::string& proc) {
    std::uint64_t kills = 0;
    const WantedNumber wanted[] = {{"oom_kill", &kills}};
    if (const auto text = read_file(proc + "/vmstat")) read_numbers(*text, wanted);
    return kills;
}

std::vector<int> with_descendants(const std::vector<int>& roots, const std::vector<ProcessStat>& all) {
    std::unordered_set<int> family(roots.begin(), roots.end());
    for (std::size_t before = 0; before != family.size();) {
        before = family.size();
        for (const ProcessStat& each : all)
            if (family.contains(each.parent)) family.insert(each.pid);
    }
    std::vector<int> found;
    for (const ProcessStat& each : all)
        if (family.contains(each.pid)) found.push_back(each.pid);
    return found;
}

}  // namespace plimsoll::machine
