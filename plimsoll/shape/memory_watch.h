// SPDX-License-Identifier: Apache-2.0
// MemoryWatch: tells which attempts' memory has passed its mark or stands at its limit.
//
// A thread of its own waits for the kernel's notices and looks at each with NoticeRule, so that the loop is woken
// only by what it has to act on, and never waits for the kernel to take a threshold (10 to 30 ms on v1). Values go
// in and come out through two short lists behind a mutex.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "plimsoll/base/clock.h"
#include "plimsoll/base/file.h"
#include "plimsoll/machine/cgroup.h"
#include "plimsoll/model/task.h"
#include "plimsoll/shape/limit_writer.h"
#include "plimsoll/shape/memory_events.h"
#include "plimsoll/shape/notice_rule.h"

namespace plimsoll::shape {

class MemoryWatch {
public:
    /// Starts the thread; nothing watched yet. One that cannot be had (no descriptors) tells nothing.
    explicit MemoryWatch(machine::CgroupTree tree);
    ~MemoryWatch();
    MemoryWatch(const MemoryWatch&) = delete;
    MemoryWatch& operator=(const MemoryWatch&) = delete;

    bool works() const { return thread_.joinable(); }
    /// Attempts that end within some 20 ms cost nothing but this call.
    void add(AttemptId attempt, std::string group, Bytes mark);
    void move(AttemptId attempt, Bytes mark);
    void remove(AttemptId attempt);
    /// What has happened since the last call, each attempt once.
    std::vector<Pressed> take();
    /// Readable while take() has something to tell.
    int wake_fd() const { return told_.fd(); }

private:
    /// A group to watch, a mark to move, or nothing left to watch.
    struct Order {
        AttemptId attempt;
        std::string group;  ///< "" but when it is new
        std::optional<Bytes> mark;
    };
    struct Watched {
        std::uint64_t id;  ///< of its events in epoll
        std::string group;
        MemoryEvents events;
        NoticeRule rule;
        Instant open_at;  ///< when the kernel is told its mark; Instant::max() when it knows it
    };

    void wake_within(Duration span);
    void run();
    void take_orders();
    void obey(const Order& order);
    void open_one();
    void open_events(Watched& watched);
    void look_at_due();
    void wait();
    Instant next_due() const;
    void tell(Pressed pressed);

    const machine::CgroupTree tree_;
    const MachineClock clock_;
    Fd epoll_;
    Fd timer_;  ///< wakes the thread to take its orders
    Fd told_;   ///< wakes the loop

    std::mutex mutex_;
    std::vector<Order> orders_;
    Instant orders_due_ = Instant::max();
    std::vector<Pressed> pressed_;
    bool is_ending_ = false;

    // The thread's own.
    std::map<AttemptId, Watched> watched_;
    std::map<std::uint64_t, AttemptId> by_id_;
    std::uint64_t last_id_ = 0;

    std::thread thread_;
};

}  // namespace plimsoll::shape
