// SPDX-License-Identifier: Apache-2.0
// Network bytes of attempts that run in a network namespace of their own (containers, `unshare -n`, `ip netns
// exec`): there the interfaces' counters tell. What shares this process's namespace cannot be told apart by
// them and counts nothing.
//
// A namespace counts from when it is first seen: it may be older than the attempt. One in which two attempts
// are met counts for neither from then on.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "plimsoll/machine/proc_numbers.h"
#include "plimsoll/model/profile.h"
#include "plimsoll/model/task.h"
#include "plimsoll/telemetry/kernel_file.h"

namespace plimsoll::telemetry {

class NetworkCounters {
public:
    /// `proc`: the open folder /proc, which outlives this.
    explicit NetworkCounters(int proc);

    /// Fills in the bytes of the namespaces that these processes of the attempt are in and those that its
    /// processes were in before.
    void add(AttemptId attempt, std::span<const int> pids, Usage& usage, ReadBuffer& buffer);
    void forget(AttemptId attempt);

private:
    struct Namespace {
        std::uint64_t inode = 0;
        AttemptId owner;
        bool is_shared = false;
        machine::NetworkBytes first, last;
    };

    std::uint64_t namespace_of(const char* path) const;
    void see(std::uint64_t inode, AttemptId attempt, int pid, ReadBuffer& buffer);

    int proc_;
    std::uint64_t own_;
    std::vector<Namespace> known_;
};

}  // namespace plimsoll::telemetry
