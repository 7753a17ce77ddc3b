// SPDX-License-Identifier: Apache-2.0
// The edge to time: live runs, the simulator and tests hand in different clocks.
#pragma once

#include "plimsoll/base/time.h"

namespace plimsoll {

class Clock {
public:
    virtual ~Clock() = default;
    virtual Instant now() const = 0;    ///< never goes back, counts through suspend
    virtual WallTime wall() const = 0;  ///< for people and records; may jump
};

/// The machine's clocks: CLOCK_BOOTTIME and CLOCK_REALTIME.
class MachineClock final : public Clock {
public:
    Instant now() const override;
    WallTime wall() const override;
};

/// What the calling thread has computed so far: what is measured by it does not depend on who else uses the machine.
class ThreadCpuClock final : public Clock {
public:
    Instant now() const override;
    WallTime wall() const override;
};

/// A clock that moves only when told to.
class ManualClock final : public Clock {
public:
    explicit ManualClock(WallTime start = {}) : start_(start) {}
    Instant now() const override { return now_; }
    WallTime wall() const override { return start_ + now_.time_since_epoch(); }
    void advance_to(Instant then) {
        if (then > now_) now_ = then;
    }
    /// The clock for people is set otherwise; time itself goes on as it does.
    void jump(Duration by) { start_ += by; }

private:
    WallTime start_;
    Instant now_{};
};

}  // namespace plimsoll
