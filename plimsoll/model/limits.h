// SPDX-License-Identifier: Apache-2.0
// What an attempt is held to. The engine sets it at the start, `shape` changes it while the attempt runs.
#pragma once

#include "plimsoll/base/units.h"

namespace plimsoll {

/// How an attempt is held to its cores.
enum class CpuLimit {
    weight,  ///< a share in proportion where others want the CPU too; free cores may be used
    quota,   ///< never more than so much CPU time, idle cores or not
    cpuset,  ///< whole cores of its own, as far as there are enough
};

/// How a step asks for its tasks to be held, beside their memory. 0 is no limit.
struct StepLimit {
    CpuLimit cpu_by = CpuLimit::weight;
    Bytes disk_read{};  ///< bytes/s of each disk
    Bytes disk_write{};
    bool operator==(const StepLimit&) const = default;
};

/// An amount of 0 is no limit.
struct Limits {
    /// Told when its need passes this (LimitWriter::take_pressed), so that it can be grown before `memory`.
    Bytes memory_notice{};
    Bytes memory{};  ///< hard: the kernel gives it no more; page cache counts, and is reclaimed first
    Cores cpu{};
    CpuLimit cpu_by = CpuLimit::weight;
    Bytes disk_read{};  ///< bytes/s of each disk
    Bytes disk_write{};
    bool operator==(const Limits&) const = default;
};

}  // namespace plimsoll
