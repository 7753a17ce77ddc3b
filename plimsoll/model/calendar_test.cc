// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/model/calendar.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "plimsoll/base/random.h"

using namespace plimsoll;
using namespace std::chrono_literals;

namespace {

Instant at(int second) { return Instant{std::chrono::seconds(second)}; }

Reservation cores(int count, int from, int to) {
    return {.amounts = {.cpu = {static_cast<double>(count)}}, .start = at(from), .end = at(to), .node = 0};
}

/// "3x2 1x5": three cores for two seconds, then one for five.
Reservation phased(std::string_view text, int from) {
    Reservation made{.start = at(from), .end = at(from)};
    for (std::size_t begin = 0; begin < text.size(); begin += 4) {
        made.end += std::chrono::seconds(text[begin + 2] - '0');
        made.phases.push_back({made.end - made.start, {.cpu = {static_cast<double>(text[begin] - '0')}}});
    }
    made.amounts = most_of(made.phases);
    return made;
}

Need need_of(const Reservation& reservation) { return need_of(reservation.amounts, reservation.phases); }

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

TEST_CASE("a reservation of phases is held and taken back phase by phase") {
    Calendar calendar({.cpu = 4_cores});
    calendar.add(phased("3x2 1x4 2x2", 1));
    calendar.add(cores(1, 2, 6));
    CHECK(draw(calendar, 11) == "03422212200");
    CHECK(calendar.next_change(at(0)) == at(1));
    CHECK(calendar.next_change(at(3)) == at(6));
    CHECK_FALSE(calendar.next_change(at(9)));
    calendar.remove(phased("3x2 1x4 2x2", 1));
    CHECK(draw(calendar, 11) == "00111100000");
    calendar.remove(cores(1, 2, 6));
    CHECK(calendar == Calendar({.cpu = 4_cores}));
}

TEST_CASE("the last phase lasts to the end, and phases beyond the end are not held") {
    Calendar calendar({.cpu = 4_cores});
    Reservation longer = phased("3x2 1x2", 1);
    longer.end = at(9);
    calendar.add(longer);
    CHECK(draw(calendar, 10) == "0331111110");
    calendar.remove(longer);
    longer.end = at(2);
    calendar.add(longer);
    CHECK(draw(calendar, 10) == "0300000000");
    CHECK(amounts_at(longer, at(0)).cpu == 3_cores);
    CHECK(amounts_at(longer, at(3)).cpu == 1_cores);
    CHECK(amounts_at(longer, at(99)).cpu == 1_cores);
}

// Two of "3x2 1x5" on four cores: the peak of one stands beside the tail of the other.
TEST_CASE("a need of phases starts where each phase finds its room") {
    Calendar calendar({.cpu = 4_cores});
    calendar.add(phased("3x2 1x5", 0));
    REQUIRE(draw(calendar, 9) == "331111100");
    const Need need = need_of(phased("3x2 1x5", 0));
    CHECK_FALSE(calendar.fits_throughout(need, at(1), at(8)));
    CHECK(calendar.fits_throughout(need, at(2), at(9)));
    CHECK(calendar.earliest_start(need, 7s, at(0)) == at(2));
    CHECK(calendar.earliest_start({.cpu = 3_cores}, 7s, at(0)) == at(2));
    CHECK(calendar.earliest_start({.cpu = 4_cores}, 7s, at(0)) == at(7));
    // Small first: its small phase may run beside a peak that its large one has to wait for.
    CHECK(calendar.earliest_start(need_of(phased("1x2 3x5", 0)), 7s, at(0)) == at(0));
    CHECK(calendar.earliest_start(need_of(phased("1x2 4x5", 0)), 7s, at(0)) == at(5));
    CHECK_FALSE(calendar.earliest_start(need_of(phased("1x2 5x5", 0)), 7s, at(0)));
}

TEST_CASE("needs are the same however they are cut into phases") {
    CHECK(need_of(phased("3x2 3x5", 0)) == need_of(cores(3, 0, 7)));
    CHECK(need_of(phased("3x2 1x2 1x3", 0)) == need_of(phased("3x2 1x9", 0)));
    CHECK(need_of(phased("5x0 3x2 1x2", 0)) == need_of(phased("3x2 1x2", 0)));
    CHECK(need_of(phased("3x2 1x2", 0)) != need_of(phased("3x3 1x2", 0)));
}

namespace {

constexpr int seconds_end = 60;

/// What a calendar is, in the plainest way: the held cores of every second.
struct SecondBySecond {
    std::vector<int> held = std::vector<int>(seconds_end, 0);

    static int cores_at(const Reservation& r, int second) {
        return at(second) < r.start || at(second) >= r.end ? 0 : static_cast<int>(amounts_at(r, at(second)).cpu.count);
    }
    void count(const Reservation& r, int sign) {
        for (int s = 0; s < seconds_end; ++s) held[static_cast<std::size_t>(s)] += sign * cores_at(r, s);
    }
    /// With its start at `from` instead.
    bool fits(Reservation r, int from, int capacity) const {
        r.end = at(from) + (r.end - r.start);
        r.start = at(from);
        for (int s = from; s < seconds_end; ++s)
            if (held[static_cast<std::size_t>(s)] + cores_at(r, s) > capacity && cores_at(r, s) > 0) return false;
        return static_cast<int>(r.amounts.cpu.count) <= capacity;
    }
};

/// Up to five phases of up to five seconds, or none.
Reservation random_reservation(Rng& rng, int most) {
    const int from = static_cast<int>(rng.between(0, seconds_end / 2));
    if (rng.uniform() < 0.4)
        return cores(static_cast<int>(rng.between(1, most)), from, from + static_cast<int>(rng.between(0, 20)));
    std::string text;
    for (std::int64_t left = rng.between(1, 5); left > 0; --left)
        text += std::to_string(rng.between(0, most)) + "x" + std::to_string(rng.between(0, 5)) + " ";
    Reservation made = phased(text, from);
    if (rng.uniform() < 0.3) made.end = made.start + std::chrono::seconds(rng.between(0, 25));
    made.amounts = most_of(made.phases);
    return made;
}

}  // namespace

TEST_CASE("a calendar agrees with counting second by second") {
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        CAPTURE(seed);
        Rng rng(seed);
        Calendar calendar({.cpu = 8_cores});
        SecondBySecond plain;
        std::vector<Reservation> standing;
        for (int step = 0; step < 150; ++step) {
            if (!standing.empty() && rng.uniform() < 0.4) {
                const auto which =
                    static_cast<std::size_t>(rng.between(0, static_cast<std::int64_t>(standing.size()) - 1));
                calendar.remove(standing[which]);
                plain.count(standing[which], -1);
                standing.erase(standing.begin() + static_cast<std::ptrdiff_t>(which));
            } else {
                standing.push_back(random_reservation(rng, 3));
                calendar.add(standing.back());
                plain.count(standing.back(), 1);
            }
            for (int s = 0; s < seconds_end; ++s)
                REQUIRE(8 - calendar.free_at(at(s)).cpu.count == plain.held[static_cast<std::size_t>(s)]);
            const Reservation asked = random_reservation(rng, 8);
            if (asked.end == asked.start) continue;
            const int from = static_cast<int>(rng.between(0, 30));
            int start = from;
            while (!plain.fits(asked, start, 8)) ++start;
            const Duration length = asked.end - asked.start;
            REQUIRE(calendar.earliest_start(need_of(asked), length, at(from)) == at(start));
            REQUIRE(calendar.earliest_start(need_of(asked), length, at(from), at(start + 1)) == at(start));
            REQUIRE_FALSE(calendar.earliest_start(need_of(asked), length, at(from), at(start)));
            REQUIRE(calendar.fits_throughout(need_of(asked), at(from), at(from) + length) == (start == from));
        }
        for (const Reservation& reservation : standing) calendar.remove(reservation);
        CHECK(calendar == Calendar({.cpu = 8_cores}));
    }
}
