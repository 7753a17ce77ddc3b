// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/forecast/curve_replay.h"

#include <doctest/doctest.h>

using namespace plimsoll;
using namespace plimsoll::forecast;
using doctest::Approx;

namespace {

/// 64 s in as many cells: a fourth of the peak for 32 s, then all of it.
LaidRun half_and_half() {
    LaidRun run{.peak = 1, .runtime_s = 64, .cell_s = 1, .end = curve_cells};
    for (std::size_t at = 0; at < curve_cells; ++at) run.memory[at] = at < 32 ? 0.25F : 1;
    return run;
}

/// A fourth of the peak up to there, then all of it.
Cells raised_at(std::size_t cell) {
    Cells plan;
    for (std::size_t at = 0; at < curve_cells; ++at) plan[at] = at < cell ? 0.25F : 1;
    return plan;
}

constexpr Overrun thrifty_killed{.failure_weight = 0, .growth_s = {}};
constexpr Overrun thrifty_grown{.failure_weight = 0, .growth_s = 2};

}  // namespace

TEST_CASE("a plan that is right costs nothing, one that rises early what it held in vain") {
    CHECK(cost_if_killed(half_and_half(), raised_at(32), thrifty_killed).wasted == Approx(0));
    CHECK(cost_if_killed(half_and_half(), raised_at(22), thrifty_killed).wasted == Approx(10 * 0.75));
    CHECK(cost_if_grown(half_and_half(), raised_at(22), {}, thrifty_grown) == Approx(10 * 0.75));
}

// Killed in the 33rd second: 33 s at a fourth in vain. The next attempt has its peak from cell 30 = floor(0.95 x 32)
// on.
TEST_CASE("an attempt that is killed loses what it held, and the next one rises a little sooner") {
    CHECK(cost_if_killed(half_and_half(), raised_at(40), thrifty_killed).wasted == Approx(33 * 0.25 + 2 * 0.75));
    const Overrun counted{.failure_weight = 1, .growth_s = {}};
    CHECK(cost_if_killed(half_and_half(), raised_at(40), counted).wasted >
          cost_if_killed(half_and_half(), raised_at(40), thrifty_killed).wasted);
}

// From a fourth to all of it by half of it at a time: ceil(log 4 / log 1.5) = 4 growths of two seconds at the peak;
// afterwards 1.5 times the peak is held for 8 s, until what was planned is lower.
TEST_CASE("a growth costs its standstill and the room it brings") {
    const GrowthRule rule{.step = 0.5, .patience = 1};
    CHECK(cost_if_grown(half_and_half(), raised_at(64), rule, thrifty_grown) == Approx(4 * 2 + 32 * 0.5));
}

TEST_CASE("what growing gave goes back when it has not been used for a while") {
    LaidRun run = half_and_half();
    for (std::size_t at = 0; at < curve_cells; ++at) run.memory[at] = at == 8 ? 1 : 0.25F;
    const Cells plan = raised_at(curve_cells);
    const double patient = cost_if_grown(run, plan, {.step = 0.1, .patience = 0.5}, thrifty_grown);
    const double quick = cost_if_grown(run, plan, {.step = 0.1, .patience = 0.1}, thrifty_grown);
    CHECK(quick < patient);
}
