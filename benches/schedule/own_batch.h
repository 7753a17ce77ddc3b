// SPDX-License-Identifier: Apache-2.0
// The product on batch jobs: each job a submission of its own, rehearsed by schedule::dry_run as `--dry-run` does it,
// with the product's own order and backfilling, and what it is worth against the rivals, window by window.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "benches/schedule/batch.h"
#include "plimsoll/base/random.h"

namespace plimsoll::benches {

/// As the function of this name for rivals; the requested time is what is known beforehand.
double own_bounded_slowdown(std::span<const BatchJob> jobs, double processors);

/// The product against one rival over the same windows; differences are the product's less the rival's, below 0 is
/// better.
struct PairedDifference {
    std::size_t windows = 0;
    double own = 0, rival = 0;  ///< means of the bounded slowdown
    double own_median = 0, rival_median = 0;
    double difference = 0;     ///< mean of the pairs
    double low = 0, high = 0;  ///< 95 % interval of that mean: percentiles of means of windows drawn again with repeats
    std::size_t better = 0;    ///< in how many windows the product is
};

PairedDifference paired_difference(std::span<const double> own, std::span<const double> rival, Rng& rng);

}  // namespace plimsoll::benches
