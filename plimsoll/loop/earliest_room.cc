// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/loop/earliest_room.h"

#include <algorithm>

namespace plimsoll::loop {

std::optional<Reservation> earliest_room(std::span<const Calendar> nodes, const Resources& amounts, Duration runtime,
                                         Instant from, std::size_t most) {
    std::optional<Reservation> best;
    const Need need = need_of(amounts);
    for (NodeId node = 0; node < std::min(nodes.size(), most); ++node) {
        const auto start = nodes[node].earliest_start(need, runtime, from);
        if (!start || (best && best->start <= *start)) continue;
        best = {.amounts = amounts, .start = *start, .end = end_of(*start, runtime), .node = node};
        if (*start == from) break;
    }
    return best;
}

}  // namespace plimsoll::loop
