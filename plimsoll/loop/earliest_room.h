// SPDX-License-Identifier: Apache-2.0
// Where and when there is room first, of all nodes.
#pragma once

#include <cstddef>
#include <limits>
#include <optional>
#include <span>

#include "plimsoll/model/calendar.h"
#include "plimsoll/model/plan.h"

namespace plimsoll::loop {

/// Where and when amounts fit first for so long, not before `from`, on the first `most` of the nodes; the lowest id of
/// equals. Nothing where no node could ever hold them.
std::optional<Reservation> earliest_room(std::span<const Calendar> nodes, const Resources& amounts, Duration runtime,
                                         Instant from, std::size_t most = std::numeric_limits<std::size_t>::max());

}  // namespace plimsoll::loop
