// SPDX-License-Identifier: Apache-2.0
// The segments of a profile as a few hundred bytes, for history. A version byte, a count, then per
// segment: microseconds since the one before, bytes of memory, thousandths of a core; all as LEB128.
// Times are kept to a microsecond and cores to a thousandth, both rounded to the nearest.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "plimsoll/base/result.h"
#include "plimsoll/model/profile.h"

namespace plimsoll {

/// At most 27 bytes a segment; about 10 as tasks are.
std::string encode_segments(std::span<const Segment> segments);
/// What encode_segments made; `damaged` for anything else.
Result<std::vector<Segment>> decode_segments(std::string_view blob);

}  // namespace plimsoll
