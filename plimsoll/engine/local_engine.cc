// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/engine/local_engine.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "plimsoll/base/probe.h"
#include "plimsoll/engine/open_for_child.h"
#include "plimsoll/machine/process.h"

namespace plimsoll::engine {
namespace {

constexpr Duration first_pause = std::chrono::milliseconds(1);
constexpr Duration longest_pause = std::chrono::milliseconds(50);
// A process in uninterruptible sleep cannot be killed; the loop does not wait for it for ever.
constexpr Duration drain_time = std::chrono::seconds(10);
constexpr Duration closing_time = std::chrono::seconds(2);

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

/// The kernel lets a program begin with the largest size of the memory it was born in, which was ours: a
/// child that seems no larger than we have ever been tells nothing.
Bytes high_water_of(const rusage& usage) {
    rusage own{};
    ::getrusage(RUSAGE_SELF, &own);
    return {usage.ru_maxrss > own.ru_maxrss ? usage.ru_maxrss * 1024 : 0};
}

/// A child that ignores or does not keep its children's ends makes ours vanish before we have seen them.
void keep_ends_of_children() {
    struct sigaction action {};
    ::sigaction(SIGCHLD, nullptr, &action);
    if (action.sa_handler != SIG_IGN && (action.sa_flags & SA_NOCLDWAIT) == 0) return;
    action = {};
    action.sa_handler = SIG_DFL;
    ::sigaction(SIGCHLD, &action, nullptr);
}

/// The log's size; an empty one is removed.
Bytes keep_log_if_written(const std::string& path) {
    struct stat found {};
    if (::stat(path.c_str(), &found) < 0) return {};
    if (found.st_size == 0 && S_ISREG(found.st_mode)) ::unlink(path.c_str());
    return {found.st_size};
}

}  // namespace

LocalEngine::LocalEngine(LocalOptions options, const Clock& clock, Spawner spawner)
    : options_(std::move(options)), clock_(clock), spawner_(std::move(spawner)), environment_(environ),
      owner_(machine::own_mark().text()) {}

Result<std::unique_ptr<LocalEngine>> LocalEngine::open(LocalOptions options, const Clock& clock) {
    Spawner spawner = PLIM_TRY(Spawner::create());
    std::unique_ptr<LocalEngine> engine(new LocalEngine(std::move(options), clock, std::move(spawner)));
    PLIM_TRY(engine->open_descriptors());
    keep_ends_of_children();
    ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    if (engine->options_.use_cgroups) engine->open_groups();
    return engine;
}

Result<void> LocalEngine::open_descriptors() {
    epoll_ = Fd(::epoll_create1(EPOLL_CLOEXEC));
    if (!epoll_) return system_error("make an epoll");
    // As the Clock: it counts through suspend.
    timer_ = Fd(::timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK));
    if (!timer_) return system_error("make a timer");
    null_ = PLIM_TRY(open_for_child("/dev/null", O_RDONLY));
    return wake_by(timer_.fd(), timer_wake);
}

Result<void> LocalEngine::wake_by(int fd, Wake wake) {
    // An ended process that somebody traces is ready long before it can be waited for: told once, not without end.
    const std::uint32_t events = wake == attempt_wake ? EPOLLIN | EPOLLET : EPOLLIN;
    epoll_event event{.events = events, .data = {.u64 = wake}};
    if (::epoll_ctl(epoll_.fd(), EPOLL_CTL_ADD, fd, &event) < 0) return system_error("watch a descriptor");
    return {};
}

Result<void> LocalEngine::watch(int fd) { return wake_by(fd, watched_wake); }

std::vector<Node> LocalEngine::nodes() const {
    char name[256] = "localhost";
    ::gethostname(name, sizeof name - 1);
    return {{.id = 0, .name = name, .capacity = options_.capacity}};
}

void LocalEngine::notice(std::string text) { notices_.emplace(std::move(text), false); }

std::vector<std::string> LocalEngine::take_notices() {
    std::vector<std::string> fresh;
    for (auto& [text, taken] : notices_)
        if (!std::exchange(taken, true)) fresh.push_back(text);
    return fresh;
}

void LocalEngine::stop(AttemptId attempt, StopHow how) {
    const auto found = pids_.find(attempt);
    if (found == pids_.end()) return;
    const Running& running = running_.at(found->second);
    if (how == StopHow::kill) {
        kill_rest(running);
        return;
    }
    // A stopped process takes SIGTERM only once it goes on.
    for (const int signal : {SIGTERM, SIGCONT}) {
        if (!running.group.empty()) {
            machine::signal_cgroup(tree_, running.group, signal);
            continue;
        }
        for (const int pid : attempt_processes(running.mark, running.process.pid, clock_.now() - running.started))
            ::kill(pid, signal);
    }
}

std::vector<Ended> LocalEngine::wait(Instant until) {
    remove_ended_groups();
    std::vector<Ended> ended;
    while (true) {
        reap(ended);
        drain(ended);
        if (!ended.empty()) return ended;
        Instant wake = until;
        for (const Draining& each : draining_) wake = std::min(wake, each.next_look);
        const bool is_woken = wait_for_event(wake);
        reap(ended);
        drain(ended);
        if (is_woken || !ended.empty() || clock_.now() >= until) return ended;
    }
}

/// Until something happens; true when it was something watched, or a signal handler ran.
bool LocalEngine::wait_for_event(Instant until) {
    const Duration left = std::max(until - clock_.now(), Duration{});
    if (left > Duration{} && timer_at_ != until) {
        const auto whole = std::chrono::floor<std::chrono::seconds>(left);
        const itimerspec spec{.it_interval = {}, .it_value = {whole.count(), (left - whole).count()}};
        ::timerfd_settime(timer_.fd(), 0, &spec, nullptr);
        timer_at_ = until;
    }
    epoll_event events[64];
    const int count = ::epoll_wait(epoll_.fd(), events, 64, left > Duration{} ? -1 : 0);
    if (count < 0) return true;
    bool is_woken = false;
    for (const epoll_event& event : std::span(events, static_cast<std::size_t>(count))) {
        is_woken |= event.data.u64 == watched_wake;
        if (event.data.u64 != timer_wake) continue;
        std::uint64_t expirations = 0;
        [[maybe_unused]] const ssize_t got = ::read(timer_.fd(), &expirations, sizeof expirations);
        timer_at_ = {};
    }
    return is_woken;
}

/// Takes the ends of all children that have one: main processes of attempts, and orphans we have adopted.
void LocalEngine::reap(std::vector<Ended>& ended) {
    while (const int pid = ended_child()) {
        if (running_.contains(pid)) {
            main_ended(pid, ended);
            continue;
        }
        PLIM_PROBE("an orphan was adopted and reaped");
        siginfo_t info{};
        rusage usage{};
        if (!wait_for(pid, info, usage)) return;
    }
}

void LocalEngine::main_ended(int pid, std::vector<Ended>& ended) {
    siginfo_t info{};
    rusage usage{};
    if (!wait_for(pid, info, usage)) return;
    auto node = running_.extract(pid);
    Running attempt = std::move(node.mapped());
    pids_.erase(attempt.id);
    attempt.process.pidfd = Fd();
    const Instant now = clock_.now();
    Ended result{.attempt = attempt.id,
                 .outcome = outcome_of(info),
                 .at = now,
                 .cpu = duration_of(usage.ru_utime) + duration_of(usage.ru_stime),
                 .memory_high_water = high_water_of(usage),
                 .read_bytes = {usage.ru_inblock * 512},
                 .write_bytes = {usage.ru_oublock * 512}};
    if (kill_rest(attempt)) {
        finish(std::move(attempt), std::move(result), ended);
        return;
    }
    draining_.push_back({.attempt = std::move(attempt),
                         .ended = std::move(result),
                         .next_look = now + first_pause,
                         .pause = first_pause,
                         .give_up = now + drain_time});
}

/// Kills every process of the attempt; true when there was none.
bool LocalEngine::kill_rest(const Running& attempt) const {
    if (!attempt.group.empty()) {
        if (machine::is_cgroup_empty(tree_, attempt.group)) return true;
        machine::kill_cgroup(tree_, attempt.group);
        return false;
    }
    const std::vector<int> left = attempt_processes(attempt.mark, attempt.process.pid, clock_.now() - attempt.started);
    for (const int pid : left) ::kill(pid, SIGKILL);
    return left.empty();
}

void LocalEngine::finish(Running attempt, Ended result, std::vector<Ended>& ended) {
    // A pipeline whose first part was killed for memory may well exit 0; its output is not to be trusted.
    const int kills = attempt.group.empty() ? 0 : machine::cgroup_oom_kills(tree_, attempt.group);
    if (kills > 0) result.outcome.ending = Ending::out_of_memory;
    result.log_bytes = keep_log_if_written(attempt.log);
    if (!attempt.group.empty()) ended_groups_.push_back(std::move(attempt.group));
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
        const bool is_empty = kill_rest(each.attempt);
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

LocalEngine::~LocalEngine() {
    for (const auto& [pid, running] : running_) kill_rest(running);
    const Instant give_up = clock_.now() + closing_time;
    std::vector<Ended> ended;
    while (!(running_.empty() && draining_.empty()) && clock_.now() < give_up) {
        wait_for_event(std::min(give_up, clock_.now() + first_pause));
        reap(ended);
        drain(ended);
    }
    remove_ended_groups();
    if (run_group_.empty()) return;
    (void)machine::remove_cgroup(tree_, run_group_);
    machine::remove_cgroup_if_empty(tree_, std::string(machine::cgroup_top));
}

}  // namespace plimsoll::engine
