// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/model/calendar.h"

#include <doctest/doctest.h>

#include <string>

#include "plimsoll/base/random.h"

using namespace plimsoll;
using namespace std::chrono_literals;

namespace {

Instant at(int second) { return Instant{std::chrono::seconds(second)}; }

Reservation cores(int count, int from, int to) {
    return {.amounts = {.cpu = {static_cast<double>(count)}}, .start = at(from), .end = at(to), .node = 0};
}

/// The cores held in each second from 0 on, a digit a second.
std::string draw(const Calendar& calendar, int until) {
    std::string line;
    for (int second = 0; second < until; ++second) {
        const Cores held = calendar.capacity().cpu - calendar.free_at(at(second)).cpu;
        line += std::to_string(static_cast<int>(held.count));
    }
    return line;
}

}  // namespace

TEST_CASE("reservations stack up where they overlap") {
    Calendar calendar({.cpu = 4_cores});
    calendar.add(cores(2, 1, 5));
    calendar.add(cores(1, 3, 8));
    calendar.add(cores(1, 5, 7));
    CHECK(draw(calendar, 10) == "0223322100");
    calendar.remove(cores(1, 3, 8));
    CHECK(draw(calendar, 10) == "0222211000");
    calendar.remove(cores(2, 1, 5));
    calendar.remove(cores(1, 5, 7));
    CHECK(calendar == Calendar({.cpu = 4_cores}));
}

TEST_CASE("the earliest start is the first gap that is long enough") {
    Calendar calendar({.cpu = 4_cores});
    calendar.add(cores(3, 2, 4));
    calendar.add(cores(3, 6, 9));
    REQUIRE(draw(calendar, 10) == "0033003330");
    const Resources two{.cpu = 2_cores};
    CHECK(calendar.earliest_start(two, 2s, at(0)) == at(0));
    CHECK(calendar.earliest_start(two, 2s, at(1)) == at(4));
    CHECK(calendar.earliest_start(two, 3s, at(0)) == at(9));
    CHECK(calendar.earliest_start({.cpu = 1_cores}, 20s, at(3)) == at(3));
    CHECK_FALSE(calendar.earliest_start({.cpu = 5_cores}, 1s, at(0)));
    CHECK_FALSE(calendar.earliest_start({.gpu = 1}, 1s, at(0)));
}

TEST_CASE("what is held without end leaves room beside it only") {
    Calendar calendar({.cpu = 4_cores});
    calendar.add({.amounts = {.cpu = 3_cores}, .start = at(2), .end = Instant::max(), .node = 0});
    CHECK(calendar.earliest_start({.cpu = 2_cores}, 2s, at(0)) == at(0));
    CHECK_FALSE(calendar.earliest_start({.cpu = 2_cores}, 3s, at(0)));
    CHECK(calendar.earliest_start({.cpu = 1_cores}, 100h, at(5)) == at(5));
}

TEST_CASE("trimming forgets the past and nothing else") {
    Calendar calendar({.cpu = 4_cores});
    calendar.add(cores(2, 1, 5));
    calendar.add(cores(1, 3, 8));
    calendar.trim(at(4));
    CHECK(draw(calendar, 10).substr(4) == "311100");
    calendar.remove(cores(2, 1, 5));
    CHECK(draw(calendar, 10).substr(4) == "111100");
    calendar.remove(cores(1, 3, 8));
    CHECK(calendar.steps() == 1);
}

TEST_CASE("a shrunken node shows what it is short of, and only what is asked for counts") {
    Calendar calendar({.cpu = 4_cores, .memory = 8_GiB});
    calendar.add({.amounts = {.cpu = 1_cores, .memory = 6_GiB}, .start = at(0), .end = at(10), .node = 0});
    calendar.set_capacity({.cpu = 4_cores, .memory = 4_GiB});
    CHECK(calendar.free_at(at(5)).memory == Bytes{} - 2_GiB);
    CHECK(calendar.fits_throughout({.cpu = 3_cores}, at(0), at(10)));
    CHECK_FALSE(calendar.fits_throughout({.cpu = 1_cores, .memory = 1_MiB}, at(0), at(10)));
    CHECK_FALSE(calendar.fits_when_empty({.memory = 5_GiB}));
}

TEST_CASE("six sixths of a core are one core, and taking them away leaves nothing") {
    Calendar calendar({.cpu = 1_cores});
    const Reservation sixth{.amounts = {.cpu = {1.0 / 6}}, .start = at(0), .end = at(5), .node = 0};
    for (int i = 0; i < 6; ++i) {
        REQUIRE(calendar.fits_throughout(sixth.amounts, sixth.start, sixth.end));
        calendar.add(sixth);
    }
    for (int i = 0; i < 6; ++i) calendar.remove(sixth);
    CHECK(calendar == Calendar({.cpu = 1_cores}));
}

// The oracle writes down the held cores of every second.
TEST_CASE("a calendar agrees with counting second by second") {
    constexpr int seconds_end = 60;
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        CAPTURE(seed);
        Rng rng(seed);
        Calendar calendar({.cpu = 8_cores});
        std::vector<int> held(seconds_end, 0);
        std::vector<Reservation> standing;
        const auto count = [&](const Reservation& r, int sign) {
            for (int s = 0; s < seconds_end; ++s)
                if (at(s) >= r.start && at(s) < r.end)
                    held[static_cast<std::size_t>(s)] += sign * static_cast<int>(r.amounts.cpu.count);
        };
        for (int step = 0; step < 150; ++step) {
            if (!standing.empty() && rng.uniform() < 0.4) {
                const auto which =
                    static_cast<std::size_t>(rng.between(0, static_cast<std::int64_t>(standing.size()) - 1));
                calendar.remove(standing[which]);
                count(standing[which], -1);
                standing.erase(standing.begin() + static_cast<std::ptrdiff_t>(which));
            } else {
                const int from = static_cast<int>(rng.between(0, seconds_end - 2));
                const int to = static_cast<int>(rng.between(from, seconds_end - 1));
                standing.push_back(cores(static_cast<int>(rng.between(1, 3)), from, to));
                calendar.add(standing.back());
                count(standing.back(), 1);
            }
            const int need = static_cast<int>(rng.between(1, 8)), length = static_cast<int>(rng.between(1, 10)),
                      from = static_cast<int>(rng.between(0, 30));
            int start = from, run = 0;
            for (int s = from; run < length && s < 200; ++s) {
                const bool room = s >= seconds_end || held[static_cast<std::size_t>(s)] + need <= 8;
                run = room ? run + 1 : 0;
                if (!room) start = s + 1;
            }
            const Resources asked{.cpu = {static_cast<double>(need)}};
            REQUIRE(calendar.earliest_start(asked, std::chrono::seconds(length), at(from)) == at(start));
            REQUIRE(calendar.fits_throughout(asked, at(from), at(from + length)) == (start == from));
        }
        for (const Reservation& reservation : standing) calendar.remove(reservation);
        CHECK(calendar == Calendar({.cpu = 8_cores}));
    }
}
