// SPDX-License-Identifier: Apache-2.0
// The end of an attempt: its main process is waited for, what it left is killed, its group goes.
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "plimsoll/base/probe.h"
#include "plimsoll/engine/local_engine.h"
#include "plimsoll/engine/secret_log.h"
#include "plimsoll/machine/cgroup_memory.h"
#include "plimsoll/machine/process.h"

namespace plimsoll::engine {
namespace {

constexpr Duration first_pause = std::chrono::milliseconds(1);
constexpr Duration longest_pause = std::chrono::milliseconds(50);
// A process in uninterruptible sleep cannot be killed; the loop does not wait for it for ever.
constexpr Duration drain_time = std::chrono::seconds(10);

Duration duration_of(const timeval& time) {
    return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
}

/// waitid as the kernel has it: with the usage that glibc leaves out.
bool wait_for(int pid, siginfo_t& info, rusage& usage) {
    info = {};
    while (::syscall(SYS_waitid, P_PID, pid, &info, WEXITED | WNOHANG, &usage) < 0)
        if (errno != EINTR) return false;
    return info.si_pid == pid;
}

/// A child that has ended and was not waited for yet; 0 for none.
int ended_child() {
    siginfo_t info{};
    if (::syscall(SYS_waitid, P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT, nullptr) < 0) return 0;
    return info.si_pid;
}

Outcome outcome_of(const siginfo_t& info) {
    if (info.si_code != CLD_EXITED) return {.ending = Ending::signal, .code = info.si_status, .detail = {}};
    if (info.si_status != 0) return {.ending = Ending::exit, .code = info.si_status, .detail = {}};
    return {};
}

/// As a shell tells it.
int exit_code_of(const siginfo_t& info) { return info.si_code == CLD_EXITED ? info.si_status : 128 + info.si_status; }

/// The kernel lets a program begin with the largest size of the memory it was born in, which was ours: a
/// child that seems no larger than we have ever been tells only that it was not.
void take_high_water(const rusage& usage, Ended& result) {
    rusage own{};
    ::getrusage(RUSAGE_SELF, &own);
    (usage.ru_maxrss > own.ru_maxrss ? result.memory_high_water : result.memory_at_most) = {usage.ru_maxrss * 1024};
}

/// The log's size; an empty one is removed.
Bytes keep_log_if_written(const std::string& path) {
    struct stat found{};
    if (::stat(path.c_str(), &found) < 0) return {};
    if (found.st_size == 0 && S_ISREG(found.st_mode)) ::unlink(path.c_str());
    return {found.st_size};
}

}  // namespace

/// Takes the ends of all children that have one: main processes of attempts, and orphans we have adopted.
void LocalEngine::reap(std::vector<Ended>& ended) {
    while (const int pid = ended_child()) {
        if (running_.contains(pid)) {
            if (!main_ended(pid, ended)) return;
            continue;
        }
        if (removers_.erase(pid) == 0) PLIM_PROBE("an orphan was adopted and reaped");
        siginfo_t info{};
        rusage usage{};
        if (!wait_for(pid, info, usage)) return;
    }
}

bool LocalEngine::main_ended(int pid, std::vector<Ended>& ended) {
    // Before it is waited for: until then nobody else can have its pid, and so its session's number.
    const bool is_alone = has_no_strays() || kill_rest(running_.at(pid));
    siginfo_t info{};
    rusage usage{};
    if (!wait_for(pid, info, usage)) return false;
    last_exit_code_ = exit_code_of(info);
    auto node = running_.extract(pid);
    Running attempt = std::move(node.mapped());
    pids_.erase(attempt.id);
    attempt.process.pidfd = Fd();
    const Instant now = clock_.now();
    Ended result{.attempt = attempt.id,
                 .outcome = outcome_of(info),
                 .at = now,
                 .cpu = duration_of(usage.ru_utime) + duration_of(usage.ru_stime),
                 .read_bytes = {usage.ru_inblock * 512},
                 .write_bytes = {usage.ru_oublock * 512}};
    take_high_water(usage, result);
    if (!attempt.container.empty()) settle_maker(attempt, info, result);
    if (is_out_of_memory(attempt, info)) result.outcome.ending = Ending::out_of_memory;
    if (is_alone) {
        finish(std::move(attempt), std::move(result), ended);
        return true;
    }
    draining_.push_back({.attempt = std::move(attempt),
                         .ended = std::move(result),
                         .next_look = now + first_pause,
                         .pause = first_pause,
                         .give_up = now + drain_time});
    return true;
}

/// Without a group only the machine's own count tells: a SIGKILL that was not ours while it rose.
bool LocalEngine::is_out_of_memory(const Running& attempt, const siginfo_t& info) {
    if (!attempt.group.empty() || attempt.is_stopped) return false;
    constexpr int killed_as_told_by_a_shell = 128 + SIGKILL;
    const bool is_killed =
        info.si_code == CLD_EXITED ? info.si_status == killed_as_told_by_a_shell : info.si_status == SIGKILL;
    return is_killed && read_oom_kills() > attempt.oom_kills_before;
}

/// Kills every process of the attempt; true when there was none.
bool LocalEngine::kill_rest(const Running& attempt) const {
    if (!attempt.group.empty()) {
        if (machine::is_cgroup_empty(tree_, attempt.group)) return true;
        machine::kill_cgroup(tree_, attempt.group);
        return false;
    }
    const std::vector<int> left =
        machine::attempt_processes(attempt.mark, attempt.process.pid, clock_.now() - attempt.started);
    for (const int pid : left) ::kill(pid, SIGKILL);
    return left.empty();
}

// What a main process leaves is given to us, the sub-reaper, the moment it ends; so no child beside the
// main processes means that nothing is left anywhere, and /proc need not be searched.
bool LocalEngine::has_no_strays() const {
    if (tree_.kind != machine::CgroupKind::none) return false;  // the group itself knows better and as fast
    const std::optional<std::vector<int>> children = machine::own_children();
    return children &&
           std::all_of(children->begin(), children->end(), [this](int pid) { return running_.contains(pid); });
}

Bytes LocalEngine::keep_log(const Running& attempt) {
    if (options_.foreground) return {};
    if (attempt.secret_log)
        if (auto kept = keep_masked(attempt.secret_log, attempt.log, attempt.secrets); !kept)
            notice("the log of " + attempt.mark.task_name + " is not complete: " + kept.error().message);
    return keep_log_if_written(attempt.log);
}

void LocalEngine::finish(Running attempt, Ended result, std::vector<Ended>& ended) {
    // A pipeline whose first part was killed for memory may well exit 0; its output is not to be trusted.
    const int kills = attempt.group.empty() ? 0 : machine::cgroup_oom_kills(tree_, attempt.group);
    if (kills > 0) result.outcome.ending = Ending::out_of_memory;
    result.log_bytes = keep_log(attempt);
    for (std::string* group : {&attempt.group, &attempt.maker})
        if (!group->empty()) ended_groups_.push_back(std::move(*group));
    ended.push_back(std::move(result));
}

void LocalEngine::drain(std::vector<Ended>& ended) {
    const Instant now = clock_.now();
    for (std::size_t at = 0; at < draining_.size();) {
        Draining& each = draining_[at];
        if (each.next_look > now) {
            ++at;
            continue;
        }
        const bool is_empty = has_no_strays() || kill_rest(each.attempt);
        if (!is_empty && now < each.give_up) {
            each.pause = std::min(each.pause * 2, longest_pause);
            each.next_look = now + each.pause;
            ++at;
            continue;
        }
        if (!is_empty)
            notice("processes of " + each.attempt.mark.task_name +
                   " cannot be killed: they wait in the kernel, mostly for a disk or a network file system");
        finish(std::move(each.attempt), std::move(each.ended), ended);
        draining_.erase(draining_.begin() + static_cast<std::ptrdiff_t>(at));
    }
}

/// A group that still holds a process is tried again at the next call.
void LocalEngine::remove_ended_groups() {
    std::erase_if(ended_groups_, [this](const std::string& group) {
        const auto removed = machine::remove_cgroup(tree_, group);
        return removed || removed.error().kind != ErrorKind::refused;
    });
}

}  // namespace plimsoll::engine
