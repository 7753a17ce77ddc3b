// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/base/clock.h"

#include <time.h>

namespace plimsoll {
namespace {

Duration read_clock(clockid_t id) {
    timespec now{};
    clock_gettime(id, &now);
    return std::chrono::seconds(now.tv_sec) + Duration(now.tv_nsec);
}

}  // namespace

// BOOTTIME rather than MONOTONIC: a timeout must also pass while a laptop sleeps.
Instant MachineClock::now() const { return Instant(read_clock(CLOCK_BOOTTIME)); }
WallTime MachineClock::wall() const { return WallTime(read_clock(CLOCK_REALTIME)); }

Instant ThreadCpuClock::now() const { return Instant(read_clock(CLOCK_THREAD_CPUTIME_ID)); }
WallTime ThreadCpuClock::wall() const { return WallTime(read_clock(CLOCK_REALTIME)); }

}  // namespace plimsoll
