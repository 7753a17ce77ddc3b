// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/engine/local_engine.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "plimsoll/engine/open_for_child.h"
#include "plimsoll/machine/cgroup_freeze.h"
#include "plimsoll/machine/process.h"

namespace plimsoll::engine {
namespace {

constexpr Duration closing_pause = std::chrono::milliseconds(1);
constexpr Duration closing_time = std::chrono::seconds(2);
// Removing one takes podman a quarter of a second, and one after the other.
constexpr Duration container_closing_time = std::chrono::seconds(15);

/// Where SIGCHLD is ignored, perhaps inherited so, children's ends vanish before anybody has seen them.
void keep_ends_of_children() {
    struct sigaction action{};
    ::sigaction(SIGCHLD, nullptr, &action);
    if (action.sa_handler != SIG_IGN && (action.sa_flags & SA_NOCLDWAIT) == 0) return;
    action = {};
    action.sa_handler = SIG_DFL;
    ::sigaction(SIGCHLD, &action, nullptr);
}

}  // namespace

LocalEngine::LocalEngine(LocalOptions options, const Clock& clock, Spawner spawner)
    : options_(std::move(options)),
      clock_(clock),
      spawner_(std::move(spawner)),
      environment_(environ, options_.secrets),
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
    Running& running = running_.at(found->second);
    running.is_stopped = true;
    if (how == StopHow::kill) {
        kill_rest(running);
        // What makes the container may not have come to it yet, and would.
        if (!running.container.empty()) ::kill(running.process.pid, SIGKILL);
        return;
    }
    // A stopped or frozen process takes SIGTERM only once it goes on.
    for (const int signal : {SIGTERM, SIGCONT}) signal_rest(running, signal);
    if (!running.group.empty() && machine::can_freeze(tree_)) (void)machine::thaw_cgroup(tree_, running.group);
}

void LocalEngine::signal_rest(const Running& attempt, int signal) const {
    const bool is_being_made =
        !attempt.maker.empty() && !attempt.group.empty() && machine::is_cgroup_empty(tree_, attempt.group);
    if (is_being_made) {
        ::kill(attempt.process.pid, signal);
    } else if (!attempt.group.empty()) {
        machine::signal_cgroup(tree_, attempt.group, signal);
    } else {
        for (const int pid :
             machine::attempt_processes(attempt.mark, attempt.process.pid, clock_.now() - attempt.started))
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

LocalEngine::~LocalEngine() {
    for (const auto& [pid, running] : running_) {
        kill_rest(running);
        if (!running.container.empty()) ::kill(pid, SIGKILL);
    }
    const Instant give_up = clock_.now() + (containers_folder_.empty() ? closing_time : container_closing_time);
    std::vector<Ended> ended;
    remove_ended_groups();
    while (!(running_.empty() && draining_.empty() && removers_.empty() && !has_makers()) && clock_.now() < give_up) {
        wait_for_event(std::min(give_up, clock_.now() + closing_pause));
        reap(ended);
        drain(ended);
        remove_ended_groups();
    }
    close_containers();
    if (run_group_.empty()) return;
    if (has_makers()) machine::kill_cgroup(tree_, run_group_);
    (void)machine::remove_cgroup(tree_, run_group_);
    machine::remove_cgroup_if_empty(tree_, std::string(machine::cgroup_top));
}

}  // namespace plimsoll::engine
