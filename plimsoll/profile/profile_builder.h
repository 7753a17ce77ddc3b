// SPDX-License-Identifier: Apache-2.0
// Usage -> Profile: samples of an attempt's counters, taken one by one, become what it used.
#pragma once

#include <vector>

#include "plimsoll/model/profile.h"

namespace plimsoll::profile {

/// Gathers one attempt's samples in bounded memory. A value: copy it, move it, test it alone.
class ProfileBuilder {
public:
    explicit ProfileBuilder(Instant start) : start_(start) {}
    /// A later sample than all before it; earlier ones are ignored.
    void add(const Usage& usage);
    /// The profile up to the attempt's end. `cpu` and `process_high_water` are what the engine learnt from
    /// the kernel at the end (0: nothing); they count when they are larger than what sampling saw, except
    /// that a peak never exceeds the group's own high-water mark where there is one.
    Profile finish(Instant end, Duration cpu, Bytes process_high_water) const;

private:
    Instant start_;
    Usage last_{};
    Profile so_far_{};
    std::vector<Segment> segments_;
};

}  // namespace plimsoll::profile
