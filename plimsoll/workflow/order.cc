// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/workflow/order.h"

#include <algorithm>
#include <iterator>

namespace plimsoll::workflow {
namespace {

enum class Visit : unsigned char { not_yet, open, done };

struct Frame {
    std::uint32_t node;
    std::uint32_t next_need = 0;
};

std::vector<std::uint32_t> cycle_from(const std::vector<Frame>& path, std::uint32_t closing) {
    std::vector<std::uint32_t> cycle;
    for (auto frame = path.rbegin(); frame != path.rend(); ++frame) {
        cycle.push_back(frame->node);
        if (frame->node == closing) break;
    }
    // Upwards on the path is from what is needed to what needs it.
    const auto first = std::min_element(cycle.begin(), cycle.end());
    std::rotate(cycle.begin(), first, cycle.end());
    return cycle;
}

}  // namespace

// With a stack of its own: a chain of a hundred thousand tasks is as deep as it is long.
Ordering order(std::uint32_t count, const std::function<std::span<const std::uint32_t>(std::uint32_t)>& needs_of,
               std::size_t cycles_max) {
    Ordering result;
    result.order.reserve(count);
    std::vector<Visit> visits(count, Visit::not_yet);
    std::vector<Frame> path;
    for (std::uint32_t root = 0; root < count; ++root) {
        if (visits[root] != Visit::not_yet) continue;
        path.push_back({.node = root});
        visits[root] = Visit::open;
        while (!path.empty()) {
            Frame& top = path.back();
            const std::span<const std::uint32_t> needs = needs_of(top.node);
            if (top.next_need == needs.size()) {
                visits[top.node] = Visit::done;
                result.order.push_back(top.node);
                path.pop_back();
                continue;
            }
            const std::uint32_t need = needs[top.next_need++];
            if (visits[need] == Visit::open && result.cycles.size() < cycles_max)
                result.cycles.push_back(cycle_from(path, need));
            if (visits[need] != Visit::not_yet) continue;
            visits[need] = Visit::open;
            path.push_back({.node = need});
        }
    }
    return result;
}

}  // namespace plimsoll::workflow
