// SPDX-License-Identifier: Apache-2.0
// What an attempt used: counters at an instant, and what they come to over its own time.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "plimsoll/base/time.h"
#include "plimsoll/base/units.h"

namespace plimsoll {

/// Counters at an instant. Totals count from the attempt's start; what a source cannot see stays 0 and
/// is named in `Profile::source`.
struct Usage {
    Instant at{};
    Duration cpu{};  ///< CPU time of all its processes, ended ones too
    Bytes memory{};  ///< anon + shmem now: what it needs, page cache apart
    Bytes page_cache{};
    Bytes memory_high_water{};   ///< the kernel's own peak; includes page cache: an upper bound only
    Bytes process_high_water{};  ///< of the largest process, mapped files included; read in containers alone
    Bytes read_bytes{};          ///< from the device
    Bytes write_bytes{};
    std::uint64_t read_operations = 0;  ///< of the device, or the calls where only those are counted
    std::uint64_t write_operations = 0;
    Bytes network_in{};
    Bytes network_out{};
    Duration memory_stall{};  ///< PSI "some" total
    Duration cpu_stall{};
    Duration io_stall{};
    std::uint32_t processes = 0;
    std::uint32_t threads = 0;
};

/// A stretch of an attempt's own time, from the end of the one before.
struct Segment {
    Duration until{};
    Bytes memory{};  ///< largest seen within
    Cores cpu{};     ///< mean
    bool operator==(const Segment&) const = default;
};

/// What an attempt used over its own time. Peaks and totals are exact over the samples taken.
struct Profile {
    Duration runtime{};  ///< its own: what it was frozen for does not count
    Duration cpu{};
    Cores cpu_peak{};                ///< over the busiest sampling interval
    Bytes memory_peak{};             ///< need: the largest of samples and of the processes' own high-water marks
    Bytes memory_high_water{};       ///< upper bound, page cache included
    double memory_byte_seconds = 0;  ///< integral of sampled anon + shmem
    Bytes read_bytes{};
    Bytes write_bytes{};
    std::uint64_t read_operations = 0;
    std::uint64_t write_operations = 0;
    Bytes network_in{};
    Bytes network_out{};
    Duration memory_stall{};
    Duration cpu_stall{};
    Duration io_stall{};
    std::uint32_t processes_peak = 0;
    std::uint32_t threads_peak = 0;
    std::uint32_t samples = 0;
    std::string source;  ///< what measured it: "cgroup-v1", "cgroup-v2", "hybrid", "proc", "simulated"
    std::vector<Segment> segments;
    bool operator==(const Profile&) const = default;
};

/// Is anything known of its memory? Of an attempt that ended before it could be looked at, where no group kept
/// a mark, nothing is: its zeros mean "not measured".
inline bool is_memory_measured(const Profile& profile) {
    return profile.samples > 0 || profile.memory_peak > Bytes{} || profile.memory_high_water > Bytes{};
}

}  // namespace plimsoll
