// SPDX-License-Identifier: Apache-2.0
// A process in a group of its own that does as it is told, for tests of limits: touches memory, reads files.
#pragma once

#include <doctest/doctest.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
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
#include "plimsoll/machine/process_tree.h"
#include "plimsoll/machine/sweep.h"
#include "plimsoll/model/plan.h"

namespace plimsoll {

inline void sleep_for(Duration span) { ::poll(nullptr, 0, static_cast<int>(span / std::chrono::milliseconds(1))); }

/// Asks until it is so, for a while.
inline bool becomes(const std::function<bool()>& claim, Duration limit = std::chrono::seconds(20)) {
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
        for (const int pid : machine::process_tree(pid_)) ::kill(pid, SIGKILL);
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

    /// Tells it to touch so much more memory, to send so much through the page cache, to use so much CPU time, to do
    /// nothing.
    void touch(Bytes amount) const { order('t', amount.count); }
    void fill_cache(Bytes amount) const { order('c', amount.count); }
    void spin(Duration time) const { order('s', time.count()); }
    void rest() const { order('n', 0); }
    /// A child of it that sleeps, by pid.
    int start_child() const {
        order('f', 0);
        int pid = 0;
        REQUIRE(::read(answers_[0], &pid, sizeof pid) == sizeof pid);
        REQUIRE(is_done());
        return pid;
    }
    /// Has it done what it was told last?
    bool is_done(Duration limit = std::chrono::seconds(20)) const {
        pollfd wanted{.fd = answers_[0], .events = POLLIN, .revents = 0};
        char answer = 0;
        return ::poll(&wanted, 1, static_cast<int>(limit / std::chrono::milliseconds(1))) == 1 &&
               ::read(answers_[0], &answer, 1) == 1;
    }

private:
    struct Order {
        char what;
        std::int64_t amount;
    };
    void order(char what, std::int64_t amount) const {
        const Order order{what, amount};
        REQUIRE(::write(orders_[1], &order, sizeof order) == sizeof order);
    }
    [[noreturn]] void obey(const Limits& limits) const {
        ::setsid();
        if (tree_.kind != machine::CgroupKind::none)
            for (const std::string& hierarchy : tree_.hierarchies(limits))
                if (!write_kernel_file(folder(hierarchy) + "/cgroup.procs", "0")) ::_exit(3);
        Order order{'n', 0};
        do {
            if (order.what == 't') touch_pages(static_cast<std::size_t>(order.amount));
            if (order.what == 'c') pass_through_cache(order.amount >> 20);
            if (order.what == 's') use_cpu(Duration(order.amount));
            if (order.what == 'f') fork_child();
            if (::write(answers_[1], "", 1) != 1) ::_exit(1);
        } while (::read(orders_[0], &order, sizeof order) == sizeof order);
        ::_exit(0);
    }
    static void touch_pages(std::size_t size) {
        auto* const pages = static_cast<volatile char*>(
            ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
        if (pages == MAP_FAILED) ::_exit(2);
        ::madvise(const_cast<char*>(pages), size, MADV_NOHUGEPAGE);
        for (std::size_t at = 0; at < size; at += 4096) pages[at] = 1;
    }
    /// By writing to a disk; where all is read-only, by reading this program again and again.
    static void pass_through_cache(std::int64_t mebibytes) {
        static char block[1 << 20] = {};
        char name[] = "/var/tmp/plimsoll-test-XXXXXX";
        const int written = ::mkstemp(name);
        ::unlink(name);
        const int file = written >= 0 ? written : ::open("/proc/self/exe", O_RDONLY);
        for (; mebibytes > 0; --mebibytes) {
            if (written >= 0 && ::write(written, block, sizeof block) < 0) ::_exit(2);
            if (written >= 0 || ::read(file, block, sizeof block) > 0) continue;
            ::posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
            ::lseek(file, 0, SEEK_SET);
        }
        ::fdatasync(file);
        // Kept open, for the cache goes with a file that has no name.
    }
    static void use_cpu(Duration time) {
        timespec used{};
        do ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
        while (std::chrono::seconds(used.tv_sec) + Duration(used.tv_nsec) < time);
    }
    void fork_child() const {
        const pid_t pid = ::fork();
        if (pid == 0)
            while (true) ::pause();
        if (::write(answers_[1], &pid, sizeof pid) != sizeof pid) ::_exit(1);
    }

    machine::CgroupTree tree_;
    std::string run_;
    std::string group_;
    int orders_[2];
    int answers_[2];
    pid_t pid_ = -1;
};

}  // namespace plimsoll
