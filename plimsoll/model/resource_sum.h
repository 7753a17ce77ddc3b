// SPDX-License-Identifier: Apache-2.0
// A sum of amounts to which they can be added and taken away for ever: it leaves nothing behind.
#pragma once

#include "plimsoll/model/resources.h"

namespace plimsoll {

/// Fractions of cores, devices and operations/s count in billionths, to the nearest: sums of what people write ("0.3")
/// are told as they would be on paper, up to nine milliards of them.
class ResourceSum {
public:
    void add(const Resources& amounts) { count(amounts, 1); }
    /// Of the same value as was added.
    void take_away(const Resources& amounts) { count(amounts, -1); }
    Resources total() const;

private:
    void count(const Resources& amounts, std::int64_t sign);
    ResourceCounts counts_{};
};

}  // namespace plimsoll
