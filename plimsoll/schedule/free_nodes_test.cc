// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/schedule/free_nodes.h"

#include <doctest/doctest.h>

#include <utility>

#include "plimsoll/base/random.h"

using namespace plimsoll;
using namespace plimsoll::schedule;

namespace {

constexpr std::size_t no_place = 1000;  // more nodes than any case here has

std::size_t below(Rng& rng, std::size_t end) {
    return static_cast<std::size_t>(rng.between(0, static_cast<std::int64_t>(end) - 1));
}

/// What the node would be left with of the kinds asked for, in shares of its capacity; nothing where it lacks one.
std::optional<double> left_on(const ResourceCounts& capacity, const ResourceCounts& free, const ResourceCounts& need) {
    double left = 0;
    for (std::size_t kind = 0; kind < need.size(); ++kind) {
        if (need[kind] == 0) continue;
        if (need[kind] > free[kind]) return std::nullopt;
        left += static_cast<double>(free[kind] - need[kind]) / static_cast<double>(capacity[kind]);
    }
    return left;
}

/// By a look at every node; what differs by rounding alone counts as equal.
std::size_t looked_up(const FreeNodes& nodes, const std::vector<Resources>& capacities, const ResourceCounts& need) {
    std::size_t best = no_place;
    double least = 0;
    for (NodeId node = 0; node < capacities.size(); ++node) {
        const auto left = left_on(counts_of(capacities[node]), nodes.free(node), need);
        if (left && (best == no_place || *left < least - 1e-7)) best = node, least = *left;
    }
    return best;
}

}  // namespace

// Powers of two keep sums of shares exact, so that nodes that are left with as much are equal to both.
TEST_CASE("the best fit of many nodes is that of a look at each of them, whatever was taken before") {
    const std::vector<Resources> kinds = {parse_resources("cpu=64 memory=256GiB").value(),
                                          parse_resources("cpu=16 memory=128GiB gpu=4").value()};
    for (const std::uint64_t seed : {1, 2, 3}) {
        Rng rng(seed);
        std::vector<Resources> capacities;
        for (int node = 0; node < 60; ++node) capacities.push_back(kinds[below(rng, 2)]);
        FreeNodes nodes(capacities);
        std::vector<std::pair<NodeId, ResourceCounts>> held;
        int placed = 0, refused = 0;
        for (int step = 0; step < 3000; ++step) {
            if (!held.empty() && below(rng, 5) < 2) {
                std::swap(held[below(rng, held.size())], held.back());
                nodes.give_back(held.back().first, held.back().second);
                held.pop_back();
                continue;
            }
            Resources need;
            need.cpu = Cores{0.25 * static_cast<double>(below(rng, 48))};
            need.memory = Bytes{static_cast<std::int64_t>(below(rng, 64)) << 30};
            if (below(rng, 8) == 0) need.gpu = 1;
            const ResourceCounts counts = counts_of(need);
            const auto found = nodes.best_fit(counts);
            REQUIRE((found ? *found : no_place) == looked_up(nodes, capacities, counts));
            if (!found) {
                ++refused;
                continue;
            }
            ++placed;
            nodes.take(*found, counts);
            held.emplace_back(*found, counts);
        }
        CHECK(placed > 300);
        CHECK(refused > 10);
    }
}

TEST_CASE("a node that holds more than it has fits nothing until it is given back") {
    const std::vector<Resources> capacities(1, parse_resources("cpu=4 memory=8GiB").value());
    const ResourceCounts all = counts_of(capacities.front());
    const ResourceCounts little = counts_of(parse_resources("cpu=1 memory=1GiB").value());
    FreeNodes nodes(capacities);
    REQUIRE(nodes.best_fit(little) == NodeId{0});
    nodes.take(0, all);
    nodes.take(0, little);
    CHECK_FALSE(nodes.best_fit(little));
    nodes.give_back(0, all);
    CHECK(nodes.best_fit(little) == NodeId{0});
}
