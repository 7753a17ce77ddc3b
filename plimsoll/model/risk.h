// SPDX-License-Identifier: Apache-2.0
// Risk: the knob from thrifty to safe, in words and in numbers.
#pragma once

#include <string>
#include <string_view>

#include "plimsoll/base/result.h"

namespace plimsoll {

/// What a failed attempt weighs beside its memory x time when sizes are chosen, in units of its peak x runtime: little
/// memory is kept where that is little, and failures are rare where it is much. 0 ... 100.
struct Risk {
    double failure_weight = 1;
    bool operator==(const Risk&) const = default;
};

/// "thrifty" (0), "balanced" (1), "safe" (10), or a number from 0 to 100.
Result<Risk> parse_risk(std::string_view text);
/// The word where there is one, else the number.
std::string format(Risk risk);

}  // namespace plimsoll
