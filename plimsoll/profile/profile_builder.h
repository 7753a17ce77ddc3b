// SPDX-License-Identifier: Apache-2.0
// Usage -> Profile: samples of an attempt's counters, taken one by one, become what it used.
//
// Between two samples memory is taken to go straight from one to the other, from nothing at the start, and
// to stay as it was last seen up to the end; that line gives the integral. Where the kernel's own mark at
// the end tells of a peak a tenth above all samples or more, the peak must lie between samples: it is placed in the
// middle of the longest stretch without one. So an attempt that ended before its first sample counts half
// its peak over its runtime, which is what memory that rises to the peak at any instant and falls from
// there comes to.
#pragma once

#include "plimsoll/model/profile.h"
#include "plimsoll/profile/curve.h"

namespace plimsoll::profile {

/// What the kernel told about an attempt's processes at its end; 0: nothing.
struct AtEnd {
    Duration cpu{};
    Bytes process_high_water{};  ///< of the largest one; mapped files included
    Bytes process_at_most{};     ///< no single one had more
    Bytes read_bytes{};
    Bytes write_bytes{};
};

/// Gathers one attempt's samples in bounded memory. A value: copy it, move it, test it alone.
class ProfileBuilder {
public:
    explicit ProfileBuilder(Instant start);
    /// A later sample than all before it; earlier ones are ignored.
    void add(const Usage& usage);
    /// The group's counters after its last process has ended: totals and the high-water mark count; of an
    /// attempt that nothing else is known of, the mark less the page cache that is left stands for its
    /// peak. Optional; at most once, after the last `add`.
    void close(const Usage& usage);
    /// The profile up to the attempt's end (or the last sample, if that is later). What the kernel told at the
    /// end counts where it is larger than what sampling saw, except that a process's mark counts no further
    /// than the group's own where `close` told it. What no process exceeded stands for the peak of an attempt without
    /// a group that nothing else is known of, and bounds the group's mark where samples may have come too late to tell.
    /// `source` is the caller's.
    Profile finish(Instant end, const AtEnd& told) const;

private:
    /// The longest stretch without a sample: where an unseen peak is placed.
    struct Gap {
        Duration from{}, until{};
        Bytes before{}, after{};  ///< memory at its ends
    };
    /// Where a stretch over which cores are averaged begins.
    struct Mark {
        Instant at{};
        Duration cpu{};
    };

    void take_totals(const Usage& usage);
    void take_cpu_peak(const Usage& usage);
    Bytes peak_at_end(const AtEnd& told, Duration runtime) const;
    Cores last_cpu_rate(Instant end, Duration cpu) const;
    static void place_unseen_peak(Profile& profile, Curve& curve, const Gap& gap, Bytes peak);

    Instant start_;
    Usage last_{};  ///< totals as taken so far, memory as last sampled
    Profile so_far_{};
    Curve curve_;
    Gap widest_{};
    Mark window_{};
    Mark window_before_{};
    Bytes process_high_water_{};
    bool closed_ = false;
    Bytes mark_less_cache_{};  ///< as of `close`
};

}  // namespace plimsoll::profile
