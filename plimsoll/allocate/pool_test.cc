// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/allocate/pool.h"

#include <doctest/doctest.h>

#include <vector>

#include "plimsoll/base/random.h"

using namespace plimsoll;
using namespace plimsoll::allocate;
using namespace std::chrono_literals;

namespace {

Instant at(double second) { return Instant{from_seconds(second)}; }

std::vector<Node> nodes() {
    return {{.id = 0, .name = "a", .capacity = {.cpu = 4_cores}}, {.id = 1, .name = "b", .capacity = {.cpu = 2_cores}}};
}

Reservation cores(double count, double from, double to, NodeId node = 0) {
    return {.amounts = {.cpu = {count}}, .start = at(from), .end = at(to), .node = node};
}

}  // namespace

TEST_CASE("a claim holds its reservation and gives it back when it goes") {
    Pool pool(nodes());
    {
        const std::optional<Claim> claim = pool.claim(cores(3, 0, 10));
        REQUIRE(claim);
        CHECK(pool.held_at(0, at(5)).cpu == 3_cores);
        CHECK(pool.held_at(1, at(5)).cpu == 0_cores);
        CHECK_FALSE(pool.claim(cores(2, 5, 6)));
        CHECK(pool.claim(cores(2, 10, 12)));
    }
    CHECK(pool.calendars()[0] == Calendar({.cpu = 4_cores}));
}

TEST_CASE("a moved claim gives back once") {
    Pool pool(nodes());
    Claim first = pool.adopt(cores(3, 0, 10));
    Claim second = std::move(first);
    CHECK_FALSE(first.held());
    first.release();
    CHECK(pool.held_at(0, at(5)).cpu == 3_cores);
    second = pool.adopt(cores(1, 0, 10));
    CHECK(pool.held_at(0, at(5)).cpu == 1_cores);
}

TEST_CASE("what runs already is held, room or none") {
    Pool pool(nodes());
    pool.set_capacity(0, {.cpu = 1_cores});
    const Claim claim = pool.adopt(cores(3, 0, 10));
    CHECK(pool.held_at(0, at(1)).cpu == 3_cores);
    CHECK(pool.calendars()[0].free_at(at(1)).cpu == Cores{-2});
    CHECK_FALSE(pool.claim(cores(1, 0, 1)));
}

// Reserved for 10 s from 0. At 10 s it has run 10 s and slides by 5 s; at 15 s by 7.5 s.
TEST_CASE("a task that runs past its end keeps its amounts, in steps that grow with what it has run") {
    Pool pool(nodes());
    Claim claim = pool.adopt(cores(3, 0, 10));
    pool.advance(at(9));
    CHECK(claim.reservation().end == at(10));
    pool.advance(at(10));
    CHECK(claim.reservation().end == at(15));
    CHECK(pool.held_at(0, at(14)).cpu == 3_cores);
    CHECK(pool.held_at(0, at(15)).cpu == 0_cores);
    pool.advance(at(15));
    CHECK(claim.reservation().end == at(22.5));
    claim.release();
    CHECK(pool.held_at(0, at(16)).cpu == 0_cores);
}

TEST_CASE("a claim grows where there is room, and stays as it was where there is none") {
    Pool pool(nodes());
    Claim growing = pool.adopt(cores(1, 0, 10));
    const Claim beside = pool.adopt(cores(2, 5, 8));
    CHECK(growing.resize({.cpu = 2_cores}));
    CHECK(pool.held_at(0, at(6)).cpu == 4_cores);
    CHECK_FALSE(growing.resize({.cpu = 3_cores}));
    CHECK(growing.reservation().amounts.cpu == 2_cores);
    CHECK(pool.held_at(0, at(6)).cpu == 4_cores);
}

// Claims come, go, grow and overrun at random; what is held now is at each step the sum of the claims.
TEST_CASE("a pool holds what its claims hold") {
    for (std::uint64_t seed = 1; seed <= 30; ++seed) {
        CAPTURE(seed);
        Rng rng(seed);
        Pool pool(nodes());
        std::vector<Claim> claims;
        double now = 0;
        for (int step = 0; step < 200; ++step) {
            now += rng.uniform() * 3;
            pool.advance(at(now));
            const double chance = rng.uniform();
            const auto any =
                claims.empty() ? 0
                               : static_cast<std::size_t>(rng.between(0, static_cast<std::int64_t>(claims.size()) - 1));
            if (chance < 0.3 && !claims.empty()) claims.erase(claims.begin() + static_cast<std::ptrdiff_t>(any));
            else if (chance < 0.5 && !claims.empty())
                (void)claims[any].resize({.cpu = {0.1 * static_cast<double>(rng.between(1, 30))}});
            else if (auto claim = pool.claim(cores(0.1 * static_cast<double>(rng.between(1, 20)), now,
                                                   now + 5 * rng.uniform(), static_cast<NodeId>(rng.between(0, 1)))))
                claims.push_back(std::move(*claim));
            for (NodeId node = 0; node < 2; ++node) {
                double held = 0;
                for (const Claim& claim : claims)
                    if (claim.reservation().node == node && claim.reservation().end > at(now))
                        held += claim.reservation().amounts.cpu.count;
                REQUIRE(pool.held_at(node, at(now)).cpu.count == doctest::Approx(held).epsilon(1e-5));
                REQUIRE(held <= pool.calendars()[node].capacity().cpu.count + 1e-4);
            }
        }
        claims.clear();
        for (const Calendar& calendar : pool.calendars()) CHECK(calendar.steps() == 1);
    }
}
