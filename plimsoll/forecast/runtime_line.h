// SPDX-License-Identifier: Apache-2.0
// RuntimeLine: what of a kind's runtime comes with each attempt, and what with the size of its input. Parts of a split
// task are cut by it: the former is paid once a part.
//
// The line through the medians of slopes and of what is left (Theil 1950, Sen 1968): a third of the attempts may
// have run beside others and taken several times as long. Few attempts of uneven records tell the start-up badly: half
// of such lines begin below nothing. What is given is what to expect of it, knowing how far off the line may be and
// that it is not less than nothing; with more attempts that becomes the line's own.
#pragma once

#include <optional>
#include <vector>

namespace plimsoll::forecast {

struct RuntimeLine {
    std::optional<double> start_up_s;  ///< nothing where all inputs seen were about as large, or fewer than three
    double per_byte_s = 0;
    double spread = 0;  ///< a typical distance of what came from the line, as a share of it
    /// Of an input of so many bytes; where the start-up is not known, in proportion to the bytes.
    double at(double bytes) const { return start_up_s.value_or(0) + per_byte_s * bytes; }
};

struct InputRuntime {
    double bytes = 0, runtime_s = 0;
};

/// Of attempts, oldest first; nothing where there is none whose input has a size.
std::optional<RuntimeLine> runtime_line(std::vector<InputRuntime> attempts);

}  // namespace plimsoll::forecast
