// SPDX-License-Identifier: Apache-2.0
// MemoryEvents: the kernel's notices about the memory of one group, as one descriptor for epoll.
//
// v1: an eventfd that the kernel writes to when usage crosses a threshold, in either direction, and when a process
// has to wait at the limit. Registering a threshold takes the kernel 10 to 30 ms (synchronize_rcu), so that nobody
// does it who has something else to do. v2: memory.events, which changes when memory.high is passed.
#pragma once

#include <cstdint>
#include <string>

#include "plimsoll/base/file.h"
#include "plimsoll/base/units.h"
#include "plimsoll/machine/cgroup.h"

namespace plimsoll::shape {

class MemoryEvents {
public:
    MemoryEvents(const machine::CgroupTree& tree, std::string group);

    /// v1: opens a descriptor for stalls, and for `mark` unless it is 0; the one before is closed. v2: opens it.
    /// What happened before is not told: look once after it. False: the group has vanished, or no descriptor is left.
    bool open(Bytes mark);
    /// Has a mark to be told to the kernel by open()? (v2 knows it by memory.high.)
    bool needs_mark() const { return is_v1_; }
    int fd() const { return fd_.fd(); }
    /// What to wait for: EPOLLIN or EPOLLPRI.
    std::uint32_t wanted() const;
    /// Takes a notice off the descriptor, so that it is ready again only for the next one.
    void take() const;

private:
    bool add(const std::string& event_source, Bytes mark) const;

    std::string folder_;
    bool is_v1_;
    Fd fd_;
};

}  // namespace plimsoll::shape
