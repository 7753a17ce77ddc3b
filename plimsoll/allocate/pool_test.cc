// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/allocate/pool.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <utility>
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

/// So many cores for so many seconds, one phase after another.
Reservation phased(const std::vector<std::pair<double, double>>& cores_for_seconds, double from) {
    Reservation made{.start = at(from), .end = at(from)};
    for (const auto& [count, length] : cores_for_seconds) {
        made.end += from_seconds(length);
        made.phases.push_back({made.end - made.start, {.cpu = {count}}});
    }
    made.amounts = most_of(made.phases);
    return made;
}

/// The cores held on the first node in each second from 0 on, a digit a second.
std::string draw(const Pool& pool, int until) {
    std::string line;
    for (int second = 0; second < until; ++second)
        line += std::to_string(static_cast<int>(pool.held_at(0, at(second)).cpu.count));
    return line;
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
    CHECK(first.is_empty());
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

TEST_CASE("a claim that grows or shrinks does so at once, room or none") {
    Pool pool(nodes());
    Claim claim = pool.adopt(cores(1, 0, 10));
    const Claim beside = pool.adopt(cores(2, 5, 8));
    claim.resize({.cpu = 3_cores}, at(2));
    CHECK(draw(pool, 12) == "333335553300");
    claim.resize({.cpu = 2_cores}, at(2));
    CHECK(draw(pool, 12) == "222224442200");
    CHECK(claim.reservation().amounts.cpu == 2_cores);
    CHECK(claim.held(at(2)).cpu == 2_cores);
}

TEST_CASE("a phase is claimed where it finds its room, and given back when its time is over") {
    Pool pool(nodes());
    const std::optional<Claim> first = pool.claim(phased({{3, 4}, {1, 4}}, 0));
    REQUIRE(first);
    CHECK_FALSE(pool.claim(phased({{3, 4}, {1, 4}}, 2)));
    const std::optional<Claim> second = pool.claim(phased({{3, 4}, {1, 4}}, 4));
    REQUIRE(second);
    CHECK(draw(pool, 14) == "33334444111100");
    CHECK(first->held(at(3)).cpu == 3_cores);
    CHECK(first->held(at(4)).cpu == 1_cores);
}

TEST_CASE("what a phase outgrows is held until its time is over, and less is given back as planned") {
    Pool pool(nodes());
    Claim claim = pool.adopt(phased({{1, 4}, {3, 4}, {1, 4}}, 0));
    claim.resize({.cpu = 4_cores}, at(5));
    CHECK(draw(pool, 14).substr(5) == "444111100");
    claim.resize({.cpu = 2_cores}, at(6));
    CHECK(draw(pool, 14).substr(6) == "22111100");
    CHECK(claim.reservation().amounts.cpu == 2_cores);
}

TEST_CASE("what is held and was never to be given back stays, though it was to grow later anyhow") {
    Pool pool(nodes());
    Claim claim = pool.adopt(phased({{1, 3}, {2, 3}, {4, 3}, {2, 2}, {0, 2}, {2, 2}}, 0));
    claim.resize({.cpu = 3_cores}, at(1));
    CHECK(draw(pool, 16).substr(1) == "333334443300220");
}

TEST_CASE("what is given up for a while is taken again when the next phase begins") {
    Pool pool(nodes());
    Claim claim = pool.adopt(phased({{3, 4}, {3, 4}}, 0));
    CHECK(claim.reservation().phases.size() == 2);
    claim.resize({.cpu = 1_cores}, at(1));
    CHECK(draw(pool, 9).substr(1) == "11133330");
}

// At 3 s it has stood still for 2: its large phase, due from 2 to 4 s, is due until 6.
TEST_CASE("a task that stood still lives its phases later") {
    Pool pool(nodes());
    Claim claim = pool.adopt(phased({{1, 2}, {3, 2}, {2, 2}}, 0));
    CHECK(draw(pool, 9) == "113322000");
    claim.delay(2s, at(3));
    CHECK(draw(pool, 9).substr(3) == "133220");
    CHECK(claim.reservation().end == at(8));
    claim.delay(0s, at(3));
    CHECK(claim.reservation().end == at(8));
}

TEST_CASE("a wait that is told bit by bit passes no phase") {
    Pool pool(nodes());
    Claim claim = pool.adopt(phased({{3, 2}, {1, 2}}, 0));
    for (int now = 2; now < 10; ++now) {
        claim.delay(1s, at(now));
        pool.advance(at(now));
        REQUIRE(claim.held(at(now)).cpu == 3_cores);
    }
    // It had lived for one second when it was stopped at 1.
    CHECK(draw(pool, 15).substr(9) == "311000");
}

TEST_CASE("a task that runs past its end keeps what its last phase holds") {
    Pool pool(nodes());
    Claim claim = pool.adopt(phased({{3, 2}, {1, 2}}, 0));
    pool.advance(at(4));
    CHECK(claim.reservation().end == at(6));
    CHECK(draw(pool, 8).substr(4) == "1100");
    claim.resize({.cpu = 2_cores}, at(5));
    pool.advance(at(6));
    CHECK(draw(pool, 10).substr(6) == "2220");
    claim.release();
    CHECK(pool.calendars()[0].steps() == 1);
}

namespace {

Reservation random_reservation(Rng& rng, double now) {
    const auto node = static_cast<NodeId>(rng.between(0, 1));
    if (rng.uniform() < 0.3)
        return cores(0.1 * static_cast<double>(rng.between(1, 20)), now, now + 5 * rng.uniform(), node);
    std::vector<std::pair<double, double>> phases;
    for (auto left = rng.between(1, 4); left > 0; --left)
        phases.emplace_back(0.1 * static_cast<double>(rng.between(0, 20)), 3 * rng.uniform());
    Reservation made = phased(phases, now);
    made.node = node;
    return made;
}

/// What was held from `now` on, and what is held after it was resized to `amounts`.
void check_resized(const Reservation& before, const Claim& after, Instant now, const Resources& amounts) {
    REQUIRE(after.held(now) == amounts);
    for (Instant when = now; when < before.end; when += 100ms) {
        const double planned = amounts_at(before, when).cpu.count, held = after.held(when).cpu.count;
        const bool same_phase = amounts_at(before, when) == amounts_at(before, now);
        if (!same_phase) REQUIRE(held >= planned - 2e-6);
        REQUIRE(held <= std::max(planned, amounts.cpu.count));
    }
}

void check_delayed(const Reservation& before, const Claim& after, Instant now, Duration stood) {
    for (Instant when = now; when < now + 10s; when += 130ms)
        REQUIRE(after.held(when) == amounts_at(before, when - stood));
}

}  // namespace

// Claims come, go, are resized, delayed and overrun at random; what is held from now on is at each step the sum of
// what the claims say they hold.
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
            const std::size_t any =
                claims.empty() ? 0
                               : static_cast<std::size_t>(rng.between(0, static_cast<std::int64_t>(claims.size()) - 1));
            if (chance < 0.3 && !claims.empty()) {
                claims.erase(claims.begin() + static_cast<std::ptrdiff_t>(any));
            } else if (chance < 0.45 && !claims.empty()) {
                const Reservation before = claims[any].reservation();
                const Resources amounts{.cpu = {0.1 * static_cast<double>(rng.between(1, 30))}};
                claims[any].resize(amounts, at(now));
                check_resized(before, claims[any], at(now), amounts);
            } else if (chance < 0.6 && !claims.empty()) {
                const Reservation before = claims[any].reservation();
                const Duration stood = std::min(from_seconds(rng.uniform() * 3), at(now) - before.start);
                claims[any].delay(stood, at(now));
                check_delayed(before, claims[any], at(now), stood);
            } else if (auto claim = pool.claim(random_reservation(rng, now))) {
                claims.push_back(std::move(*claim));
            }
            for (NodeId node = 0; node < 2; ++node) {
                for (Instant when = at(now); when < at(now + 8); when += 700ms) {
                    double held = 0;
                    for (const Claim& claim : claims)
                        if (claim.reservation().node == node && claim.reservation().end > when)
                            held += claim.held(when).cpu.count;
                    REQUIRE(pool.held_at(node, when).cpu.count == doctest::Approx(held).epsilon(1e-5));
                }
            }
        }
        claims.clear();
        for (const Calendar& calendar : pool.calendars()) CHECK(calendar.steps() == 1);
    }
}

TEST_CASE("what is claimed never exceeds a node, phase by phase") {
    for (std::uint64_t seed = 1; seed <= 30; ++seed) {
        CAPTURE(seed);
        Rng rng(seed);
        Pool pool(nodes());
        std::vector<Claim> claims;
        for (int step = 0; step < 100; ++step)
            if (auto claim = pool.claim(random_reservation(rng, rng.uniform() * 20)))
                claims.push_back(std::move(*claim));
        CHECK(claims.size() < 100);
        for (const Calendar& calendar : pool.calendars())
            for (Instant when = at(0); when < at(40); when += 100ms) REQUIRE(fits(Resources{}, calendar.free_at(when)));
    }
}

TEST_CASE("what is being ended is counted on from then, and never held longer for it") {
    Pool pool(nodes());
    Claim claim = pool.adopt(phased({{3, 4}, {1, 4}}, 0));
    CHECK(draw(pool, 9) == "333311110");
    claim.end_by(at(6), at(1));
    CHECK(draw(pool, 9) == "333311000");
    claim.end_by(at(7), at(1));
    CHECK(draw(pool, 9) == "333311000");
    claim.end_by(at(3), at(2));
    CHECK(draw(pool, 9) == "333000000");
    pool.advance(at(5));  // it is late, and holds what it held last
    CHECK(pool.held_at(0, at(5)).cpu == 3_cores);
}
