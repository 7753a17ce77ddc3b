// SPDX-License-Identifier: Apache-2.0
// The curve of memory and cores over an attempt's own time, in a bounded number of segments whatever its
// length: when one too many is there, the two neighbours are merged that lose least (greedy bottom-up
// segmentation, Keogh et al. 2001, here online).
//
// Memory merges to the larger, cores to the mean weighted by time: what a merged segment says of memory is
// never too little, and its CPU time stays exact. What a merge loses is the memory above what was there
// plus the CPU time on the wrong side of the mean, each as a share of the largest seen so far.
#pragma once

#include <cstddef>
#include <vector>

#include "plimsoll/model/profile.h"

namespace plimsoll::profile {

class Curve {
public:
    static constexpr std::size_t most_segments = 32;

    /// Goes on to `next.until`, which is later than the end so far.
    void add(const Segment& next);
    /// The segment that holds the instant says at least so much memory from here on.
    void raise(Duration instant, Bytes memory);
    Duration end() const { return segments_.empty() ? Duration::zero() : segments_.back().until; }
    const std::vector<Segment>& segments() const { return segments_; }

private:
    void merge_cheapest();
    double loss_of_merging(std::size_t left) const;
    Duration length(std::size_t at) const;

    std::vector<Segment> segments_;
    Bytes largest_memory_{};
    Cores largest_cpu_{};
};

}  // namespace plimsoll::profile
