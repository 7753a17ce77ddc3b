// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/shape/memory_watch.h"

#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <span>
#include <system_error>
#include <utility>

#include "plimsoll/base/probe.h"

namespace plimsoll::shape {
namespace {

// Of tasks that are over sooner, perhaps a thousand a second, the thread never hears.
constexpr Duration look_again = std::chrono::milliseconds(20);
// For descriptors, where there were none.
constexpr Duration next_try = std::chrono::seconds(1);

constexpr std::uint64_t timer_id = 0;

void write_to(const Fd& event) {
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = ::write(event.fd(), &one, sizeof one);
}

void clear(const Fd& event) {
    std::uint64_t count = 0;
    [[maybe_unused]] const ssize_t got = ::read(event.fd(), &count, sizeof count);
}

/// A thread that takes no signals: those are for the one that waits for them.
std::thread thread_without_signals(auto&& run) {
    sigset_t all, before;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    std::thread thread;
    try {
        thread = std::thread(run);
    } catch (const std::system_error&) { PLIM_PROBE("no thread for memory notices"); }
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    return thread;
}

}  // namespace

MemoryWatch::MemoryWatch(machine::CgroupTree tree)
    : tree_(std::move(tree)),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      timer_(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK)),
      told_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    epoll_event event{.events = EPOLLIN, .data = {.u64 = timer_id}};
    if (!epoll_ || !told_ || ::epoll_ctl(epoll_.fd(), EPOLL_CTL_ADD, timer_.fd(), &event) < 0) return;
    thread_ = thread_without_signals([this] { run(); });
}

MemoryWatch::~MemoryWatch() {
    if (!works()) return;
    {
        const std::lock_guard lock(mutex_);
        is_ending_ = true;
        wake_within({});
    }
    thread_.join();
}

/// With the mutex held.
void MemoryWatch::wake_within(Duration span) {
    const Instant due = clock_.now() + span;
    if (due >= orders_due_) return;
    orders_due_ = due;
    const itimerspec spec{.it_interval = {}, .it_value = {0, std::max(span.count(), Duration::rep{1})}};
    ::timerfd_settime(timer_.fd(), 0, &spec, nullptr);
}

void MemoryWatch::add(AttemptId attempt, std::string group, Bytes mark) {
    const std::lock_guard lock(mutex_);
    orders_.push_back({.attempt = attempt, .group = std::move(group), .mark = mark});
    wake_within(look_again);
}

void MemoryWatch::move(AttemptId attempt, Bytes mark) {
    const std::lock_guard lock(mutex_);
    orders_.push_back({.attempt = attempt, .group = {}, .mark = mark});
    wake_within({});
}

void MemoryWatch::remove(AttemptId attempt) {
    const std::lock_guard lock(mutex_);
    const auto is_added = [&](const Order& each) { return each.attempt == attempt && !each.group.empty(); };
    const bool is_known = std::none_of(orders_.begin(), orders_.end(), is_added);
    std::erase_if(orders_, [&](const Order& each) { return each.attempt == attempt; });
    std::erase_if(pressed_, [&](const Pressed& each) { return each.attempt == attempt; });
    // Both: an attempt of the same name may have been watched before.
    orders_.push_back({.attempt = attempt, .group = {}, .mark = {}});
    if (is_known) wake_within(look_again);
}

std::vector<Pressed> MemoryWatch::take() {
    const std::lock_guard lock(mutex_);
    clear(told_);
    return std::exchange(pressed_, {});
}

void MemoryWatch::tell(Pressed pressed) {
    const std::lock_guard lock(mutex_);
    const auto told = std::find_if(pressed_.begin(), pressed_.end(),
                                   [&](const Pressed& each) { return each.attempt == pressed.attempt; });
    if (told != pressed_.end()) told->is_stalled |= pressed.is_stalled;
    else pressed_.push_back(pressed);
    write_to(told_);
}

void MemoryWatch::run() {
    while (true) {
        wait();
        take_orders();
        {
            const std::lock_guard lock(mutex_);
            if (is_ending_) return;
        }
        look_at_due();
        open_one();
    }
}

void MemoryWatch::take_orders() {
    std::vector<Order> orders;
    {
        const std::lock_guard lock(mutex_);
        clear(timer_);
        orders.swap(orders_);
        orders_due_ = Instant::max();
    }
    for (const Order& order : orders) obey(order);
}

void MemoryWatch::obey(const Order& order) {
    const auto found = watched_.find(order.attempt);
    if (found != watched_.end() && (!order.mark || !order.group.empty())) {
        by_id_.erase(found->second.id);
        watched_.erase(found);
    }
    if (!order.mark) return;
    if (!order.group.empty()) {
        by_id_.emplace(++last_id_, order.attempt);
        watched_.emplace(order.attempt, Watched{.id = last_id_,
                                                .group = order.group,
                                                .events = MemoryEvents(tree_, order.group),
                                                .rule = NoticeRule(*order.mark),
                                                .open_at = clock_.now()});
    } else if (found != watched_.end()) {
        Watched& watched = found->second;
        watched.rule.set_mark(*order.mark);
        if (watched.events.needs_mark()) watched.open_at = std::min(watched.open_at, clock_.now());
        else watched.rule.on_notice(clock_.now());
    }
}

/// One at a time: each takes long, and stalls are waiting to be told meanwhile.
void MemoryWatch::open_one() {
    const Instant now = clock_.now();
    for (auto& [attempt, watched] : watched_)
        if (watched.open_at <= now) return open_events(watched);
}

void MemoryWatch::open_events(Watched& watched) {
    watched.open_at = Instant::max();
    const bool is_open = watched.events.open(watched.rule.mark());
    epoll_event event{.events = watched.events.wanted() | EPOLLONESHOT, .data = {.u64 = watched.id}};
    if (!is_open || ::epoll_ctl(epoll_.fd(), EPOLL_CTL_ADD, watched.events.fd(), &event) < 0) {
        PLIM_PROBE("no notices of an attempt's memory");
        watched.open_at = clock_.now() + next_try;
    }
    // What happened before the kernel knew the mark it does not tell.
    watched.rule.on_notice(clock_.now());
}

void MemoryWatch::look_at_due() {
    const Instant now = clock_.now();
    for (auto& [attempt, watched] : watched_) {
        if (watched.rule.due() > now) continue;
        if (watched.events.fd() >= 0) {
            // Armed before the look, so that nothing is missed between the two.
            watched.events.take();
            epoll_event event{.events = watched.events.wanted() | EPOLLONESHOT, .data = {.u64 = watched.id}};
            ::epoll_ctl(epoll_.fd(), EPOLL_CTL_MOD, watched.events.fd(), &event);
        }
        const auto memory = machine::read_cgroup_memory(tree_, watched.group).value_or(machine::CgroupMemory{});
        if (watched.rule.look(memory, now)) tell({.attempt = attempt, .is_stalled = memory.is_stalled});
    }
}

Instant MemoryWatch::next_due() const {
    Instant next = Instant::max();
    for (const auto& [attempt, watched] : watched_) next = std::min({next, watched.rule.due(), watched.open_at});
    return next;
}

void MemoryWatch::wait() {
    int timeout_ms = -1;
    if (const Instant next = next_due(); next != Instant::max()) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(next - clock_.now());
        timeout_ms = static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 60'000));
    }
    epoll_event events[64];
    const int count = ::epoll_wait(epoll_.fd(), events, 64, timeout_ms);
    const Instant now = clock_.now();
    for (const epoll_event& event : std::span(events, static_cast<std::size_t>(std::max(count, 0)))) {
        const auto found = by_id_.find(event.data.u64);
        if (found != by_id_.end()) watched_.at(found->second).rule.on_notice(now);
    }
}

}  // namespace plimsoll::shape
