// SPDX-License-Identifier: Apache-2.0
// Putting what is needed before what needs it, and finding the circles where that cannot be done.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace plimsoll::workflow {

struct Ordering {
    std::vector<std::uint32_t> order;  ///< every node once, what it needs before it
    std::vector<std::vector<std::uint32_t>>
        cycles;  ///< each in the order of the data: the first is needed by the second, ...
};

/// Depth first from node 0 on, so that an order that is right already stays as it is. Linear in nodes and
/// needs. Where there are cycles, `order` is right but for the needs that close them; at most
/// `cycles_max` of them are told.
Ordering order(std::uint32_t count, const std::function<std::span<const std::uint32_t>(std::uint32_t node)>& needs_of,
               std::size_t cycles_max = 100);

}  // namespace plimsoll::workflow
