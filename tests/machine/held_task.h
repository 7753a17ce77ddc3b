// SPDX-License-Identifier: Apache-2.0
// A process in a group of its own that does as it is told, for tests of limits: touches memory, reads files.
#pragma once

#include <doctest/doctest.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>
#include <string>
#include <vector>

#include "plimsoll/base/clock.h"
#include "plimsoll/base/file.h"
#include "plimsoll/base/random.h"
#include "plimsoll/machine/cgroup.h"
#include "plimsoll/machine/cgroup_limits.h"
#include "plimsoll/machine/process.h"
#include "plimsoll/machine/sweep.h"
#include "plimsoll/model/plan.h"

namespace plimsoll {

inline void sleep_for(Duration span) { ::poll(nullptr, 0, static_cast<int>(span / std::chrono::milliseconds(1))); }

/// Asks until it is so, for a while.
inline bool becomes(const std::function<bool()>& claim, Duration limit = std::chrono::seconds(3)) {
    const MachineClock clock;
    for (const Instant give_up = clock.now() + limit; clock.now() < give_up; sleep_for(std::chrono::milliseconds(2)))
        if (claim()) return true;
    return claim();
}

class HeldTask {
public:
    HeldTask(machine::CgroupTree tree, const Limits& limits)
        : tree_(std::move(tree)),
          run_(machine::run_group("test-" + random_hex(6), machine::own_mark().text())),
          group_(run_ + "/1.1") {
        Limits held;
        if (tree_.kind != machine::CgroupKind::none) {
            REQUIRE(machine::make_cgroup(tree_, group_, limits));
            REQUIRE(machine::write_cgroup_limits(tree_, group_, limits, held));
        }
        REQUIRE(::pipe2(orders_, O_CLOEXEC) == 0);
        REQUIRE(::pipe2(answers_, O_CLOEXEC) == 0);
        pid_ = ::fork();
        if (pid_ == 0) obey(limits);
        REQUIRE(is_done());
    }
    ~HeldTask() {
        const bool has_group = tree_.kind != machine::CgroupKind::none;
        if (has_group) machine::kill_cgroup(tree_, group_);
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
        for (const int fd : {orders_[0], orders_[1], answers_[0], answers_[1]}) ::close(fd);
        if (!has_group) return;
        CHECK(becomes([&] { return machine::remove_cgroup(tree_, run_).has_value(); }));
        machine::remove_cgroup_if_empty(tree_, std::string(machine::cgroup_top));
    }
    HeldTask(const HeldTask&) = delete;
    HeldTask& operator=(const HeldTask&) = delete;

    const std::string& group() const { return group_; }
    std::string folder(const std::string& hierarchy) const { return hierarchy + "/" + group_; }
    int pid() const { return pid_; }
    Placement placement() const {
        return {.node = 0, .pid = pid_, .group = tree_.kind == machine::CgroupKind::none ? "" : group_};
    }

    /// Tells it to touch so much more memory, to read so much of a file, to do nothing.
    void touch(Bytes amount) const { order('t', amount); }
    void read_file_of(Bytes amount) const { order('r', amount); }
    void rest() const { order('n', {}); }
    /// Has it done what it was told last?
    bool is_done(Duration limit = std::chrono::seconds(3)) const {
        pollfd wanted{.fd = answers_[0], .events = POLLIN, .revents = 0};
        char answer = 0;
        return ::poll(&wanted, 1, static_cast<int>(limit / std::chrono::milliseconds(1))) == 1 &&
               ::read(answers_[0], &answer, 1) == 1;
    }

private:
    struct Order {
        char what;
        Bytes amount;
    };
    void order(char what, Bytes amount) const {
        const Order order{what, amount};
        REQUIRE(::write(orders_[1], &order, sizeof order) == sizeof order);
    }
    [[noreturn]] void obey(const Limits& limits) const {
        ::setsid();
        if (tree_.kind != machine::CgroupKind::none)
            for (const std::string& hierarchy : tree_.hierarchies(limits))
                if (!write_kernel_file(folder(hierarchy) + "/cgroup.procs", "0")) ::_exit(3);
        Order order{'n', {}};
        do {
            if (order.what == 't') touch_pages(order.amount);
            if (order.what == 'r') read_pages(order.amount);
            if (::write(answers_[1], "", 1) != 1) ::_exit(1);
        } while (::read(orders_[0], &order, sizeof order) == sizeof order);
        ::_exit(0);
    }
    static void touch_pages(Bytes amount) {
        const auto size = static_cast<std::size_t>(amount.count);
        auto* const pages = static_cast<volatile char*>(
            ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
        if (pages == MAP_FAILED) ::_exit(2);
        ::madvise(const_cast<char*>(pages), size, MADV_NOHUGEPAGE);
        for (std::size_t at = 0; at < size; at += 4096) pages[at] = 1;
    }
    /// Fills the page cache with a file of its own.
    static void read_pages(Bytes amount) {
        char name[] = "/var/tmp/plimsoll-test-XXXXXX";
        const int file = ::mkstemp(name);
        ::unlink(name);
        const std::vector<char> block(1 << 20);
        for (Bytes done{}; done < amount; done += Bytes{1 << 20})
            if (::write(file, block.data(), block.size()) < 0) break;
        ::fdatasync(file);
        ::close(file);
    }

    machine::CgroupTree tree_;
    std::string run_;
    std::string group_;
    int orders_[2];
    int answers_[2];
    pid_t pid_ = -1;
};

}  // namespace plimsoll
