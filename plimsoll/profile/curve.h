// SPDX-License-Identifier: Apache-2.0
// The curve of memory and cores over an attempt's own time, in a bounded number of segments whatever its
// length: when one too many is there, the two neighbours are merged that lose least (greedy bottom-up
// segmentation, Keogh et al. 2001, here online).
//
// Memory merges to the larger, cores to the mean weighted by time: what a merged segment says of memory is
// never too little, and its CPU time stays exact. What a merge loses is the memory above what was there
// plus the CPU time on the wrong side of the mean, each as a share of the largest seen so far.
//
// While the curve grows it keeps several times the segments that are stored in the end: a merge made early
// cannot know what comes later and is not undone. On the series of curve_error_test.cc what is stored lies no
// further above them than the best possible curve of half as many segments, and a hundredth of the area.
#pragma once

#include <cstddef>
#include <vector>

#include "plimsoll/model/profile.h"

namespace plimsoll::profile {

constexpr double as_double(Bytes amount) { return static_cast<double>(amount.count); }

class Curve {
public:
    /// What is stored: less than 4 KiB however large the numbers in it (model/segment_codec.h).
    static constexpr std::size_t most_segments = 128;
    /// What is kept while the curve grows.
    static constexpr std::size_t most_kept = 256;

    /// Goes on to `next.until`, which is later than the end so far.
    void add(const Segment& next);
    /// The segment that holds the instant says at least so much memory from here on.
    void raise(Duration instant, Bytes memory);
    /// The first segment with the largest memory says at least so much; there is one.
    void raise_largest(Bytes memory);
    Duration end() const { return segments_.empty() ? Duration::zero() : segments_.back().until; }
    /// As many as are kept: closer to what was added than what is stored.
    const std::vector<Segment>& segments() const { return segments_; }

    /// The curve to be stored: `most_segments` at most, and fewer as long as that adds less than 0.2 % to its
    /// area of memory and misplaces less than 5 % of its CPU time.
    std::vector<Segment> in_few_segments() const;

private:
    /// What merging a segment with the next one would lose.
    struct Loss {
        double memory = 0;  ///< byte-seconds
        double cpu = 0;     ///< core-seconds
    };

    void raise_segment(std::size_t at, Bytes memory);
    std::size_t cheapest_merge() const;
    Loss loss_of_merging(std::size_t left) const;
    void merge(std::size_t left);
    Duration length(std::size_t at) const;

    std::vector<Segment> segments_;
    std::vector<Loss> losses_;  ///< of each segment but the last
    Bytes largest_memory_{};
    Cores largest_cpu_{};
};

}  // namespace plimsoll::profile
