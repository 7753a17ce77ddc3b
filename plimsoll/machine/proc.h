// SPDX-License-Identifier: Apache-2.0
// What /proc/PID/{stat,status,io} say, as values; see proc(5).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "plimsoll/base/time.h"
#include "plimsoll/base/units.h"

namespace plimsoll::machine {

/// From /proc/PID/stat.
struct ProcessStat {
    int pid = 0;
    char state = '?';  ///< 'Z': ended, not yet waited for
    int parent = 0;
    int group = 0;
    int session = 0;
    Duration cpu{};            ///< user and system, of all its threads
    Duration cpu_of_waited{};  ///< of the children it has waited for, and of theirs
    std::uint32_t threads = 0;
    std::uint64_t start_ticks = 0;  ///< since boot; with pid and boot id it names a process for good
    bool operator==(const ProcessStat&) const = default;
};
std::optional<ProcessStat> parse_process_stat(std::string_view text);

/// From /proc/PID/status. A kernel thread has none of it.
struct ProcessMemory {
    Bytes anon{};
    Bytes file{};        ///< mapped files: shared libraries, the program itself
    Bytes shmem{};       ///< tmpfs and shared memory; counted by each process that maps it
    Bytes high_water{};  ///< VmHWM: the largest anon + file + shmem there has been
    bool operator==(const ProcessMemory&) const = default;
};
std::optional<ProcessMemory> parse_process_memory(std::string_view text);

/// From /proc/PID/io: what went to and came from devices, waited-for children included; and how often it called
/// read and write, whatever for: the kernel counts no operations of devices by process.
struct ProcessDisk {
    Bytes read{};
    Bytes written{};
    std::uint64_t read_calls = 0;
    std::uint64_t write_calls = 0;
    bool operator==(const ProcessDisk&) const = default;
};
std::optional<ProcessDisk> parse_process_disk(std::string_view text);

/// A span in the unit of /proc (USER_HZ, in practice hundredths of a second).
Duration from_ticks(std::uint64_t ticks);

/// The stat of one process; nothing when it is gone or may not be read. `proc` is the root: "/proc".
std::optional<ProcessStat> process_stat(const std::string& proc, int pid);

}  // namespace plimsoll::machine
