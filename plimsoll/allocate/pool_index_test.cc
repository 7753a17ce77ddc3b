// SPDX-License-Identifier: Apache-2.0
// The index of what is free, which a plan finds room by.
#include <doctest/doctest.h>

#include <utility>
#include <vector>

#include "plimsoll/allocate/pool.h"
#include "plimsoll/base/random.h"

using namespace plimsoll;
using namespace plimsoll::allocate;

// Whatever was claimed, resized, given back, outrun or shrunk in between.
TEST_CASE("what is free now is known of each node after time has come on") {
    Rng rng(7);
    std::vector<Node> nodes;
    for (NodeId id = 0; id < 9; ++id)
        nodes.push_back({.id = id, .name = "", .capacity = {.cpu = 8_cores, .memory = 8_GiB}});
    Pool pool(nodes);
    std::vector<Claim> claims;
    Instant now{};
    for (int step = 0; step < 400; ++step) {
        now += std::chrono::seconds(rng.between(0, 5));
        const auto node = static_cast<NodeId>(rng.between(0, 8));
        const Resources amounts{.cpu = {static_cast<double>(rng.between(1, 4))},
                                .memory = Bytes{rng.between(1, 4) << 30}};
        const Resources less{.cpu = amounts.cpu, .memory = 1_GiB};
        if (auto claim = pool.claim({.amounts = amounts,
                                     .start = now,
                                     .end = now + std::chrono::seconds(rng.between(2, 20)),
                                     .node = node,
                                     .phases = {{std::chrono::seconds(2), amounts}, {std::chrono::seconds(30), less}}}))
            claims.push_back(std::move(*claim));
        if (claims.size() > 12) claims.erase(claims.begin() + rng.between(0, 12));
        if (step % 50 == 49)
            pool.set_capacity(node, {.cpu = {static_cast<double>(rng.between(2, 8))}, .memory = 8_GiB});
        pool.advance(now);
        for (NodeId id = 0; id < 9; ++id) CHECK(pool.free().free(id) == counts_of(pool.calendars()[id].free_at(now)));
    }
}
