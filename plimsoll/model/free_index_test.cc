// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/model/free_index.h"

#include <doctest/doctest.h>

#include "plimsoll/base/random.h"

using namespace plimsoll;

namespace {

ResourceCounts amounts(std::int64_t cpu, std::int64_t memory) {
    ResourceCounts counts{};
    counts[0] = cpu, counts[1] = memory;
    return counts;
}

std::vector<NodeId> all_that_fit(const FreeIndex& index, const ResourceCounts& need) {
    std::vector<NodeId> nodes;
    for (NodeId at = index.next(need); at < index.size(); at = index.next(need, at + 1)) nodes.push_back(at);
    return nodes;
}

}  // namespace

TEST_CASE("an index of no nodes has none with room") { CHECK(FreeIndex(0).next(amounts(0, 0)) == 0); }

TEST_CASE("what is not asked for may be overfull") {
    FreeIndex index(1);
    index.set(0, amounts(4, -3));
    CHECK(index.next(amounts(4, 0)) == 0);
    CHECK(index.next(amounts(4, 1)) == index.size());
}

TEST_CASE("it gives what a look at each node gives, whatever the number of nodes and however it came about") {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        CAPTURE(seed);
        Rng rng(seed);
        const auto count = static_cast<std::size_t>(rng.between(1, 70));
        FreeIndex index(count);
        std::vector<ResourceCounts> free(count);
        for (int change = 0; change < 300; ++change) {
            const auto node = static_cast<NodeId>(rng.between(0, static_cast<int>(count) - 1));
            index.set(node, free[node] = amounts(rng.between(0, 8), rng.between(0, 8)));
            const ResourceCounts need = amounts(rng.between(1, 8), rng.between(0, 8));
            std::vector<NodeId> expected;
            for (NodeId at = 0; at < count; ++at)
                if (need[0] <= free[at][0] && need[1] <= free[at][1]) expected.push_back(at);
            // Nodes that were not told yet have nothing; amounts(1, ...) keeps them out.
            CHECK(all_that_fit(index, need) == expected);
        }
    }
}

// Few shapes of asks on a machine that is nearly full: most searches are answered from what was found before, and more
// changes than are kept go by between two asks of a shape.
TEST_CASE("what it remembers of asks that found nothing never hides a node") {
    Rng rng(3);
    constexpr std::size_t count = 40;
    FreeIndex index(count);
    std::vector<ResourceCounts> free(count, amounts(0, 0));
    for (NodeId node = 0; node < count; ++node) index.set(node, free[node]);
    for (int round = 0; round < 4000; ++round) {
        const std::int64_t changes = round % 500 == 0 ? 20'000 : rng.between(0, 3);
        for (std::int64_t change = 0; change < changes; ++change) {
            const auto node = static_cast<NodeId>(rng.between(0, count - 1));
            const bool has_some = rng.between(0, 9) == 0;
            index.set(node, free[node] = has_some ? amounts(rng.between(1, 4), rng.between(1, 4)) : amounts(0, 0));
        }
        const ResourceCounts need = amounts(rng.between(1, 4), rng.between(1, 4));
        std::vector<NodeId> expected;
        for (NodeId at = 0; at < count; ++at)
            if (need[0] <= free[at][0] && need[1] <= free[at][1]) expected.push_back(at);
        CHECK(all_that_fit(index, need) == expected);
    }
}

TEST_CASE("changes are told from where one left off, as long as they are kept") {
    FreeIndex index(4);
    const std::uint64_t before = index.changes();
    index.set(2, amounts(1, 1));
    index.set(2, amounts(1, 1));
    index.set(3, amounts(1, 1));
    const auto changed = index.changed_since(before);
    REQUIRE(changed);
    CHECK(std::vector<NodeId>(changed->begin(), changed->end()) == std::vector<NodeId>{2, 2, 3});
    for (int change = 0; change < 20'000; ++change) index.set(0, amounts(change, 0));
    CHECK_FALSE(index.changed_since(before));
}
