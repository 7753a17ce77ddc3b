// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/forecast/laid_runs.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "plimsoll/base/random.h"

using namespace plimsoll;
using namespace plimsoll::forecast;
using doctest::Approx;

namespace {

/// 100 s; so much of its peak in its first half, all of it in the second.
CurveRun half_and_half(double low, double peak) {
    CurveRun run{.x = 1, .runtime_s = 100, .peak = peak};
    for (std::size_t at = 0; at < curve_cells; ++at)
        run.memory[at] = at < curve_cells / 2 ? static_cast<float>(low) : 1;
    return run;
}

std::vector<LaidRun> laid(const std::vector<CurveRun>& runs, double axis_s) {
    std::vector<LaidRun> all;
    for (const CurveRun& run : runs) all.push_back(lay(run, axis_s));
    return all;
}

}  // namespace

// On an axis of 200 s a run of 100 s goes through half of the cells, on one of 50 s its second half is in the last one.
TEST_CASE("what is kept of a run is what it used and at most a 65,535th of its peak more; the peak itself is exact") {
    CurveRun run = half_and_half(0.123456F, 1e9);
    run.cores.fill(1.5F);
    const CurveRun again = unpacked(kept(run));
    CHECK(again.peak == run.peak);
    CHECK(again.memory[0] >= run.memory[0]);
    CHECK(again.memory[0] <= run.memory[0] + 1.0F / 65535);
    CHECK(again.memory[curve_cells - 1] == 1);
    CHECK(again.cores == run.cores);
}

TEST_CASE("a run is laid where its time is, and the last cell holds what comes later") {
    const LaidRun shorter = lay(half_and_half(0.2, 1), 200), longer = lay(half_and_half(0.2, 1), 50);
    CHECK(shorter.end == curve_cells / 2);
    CHECK(shorter.memory[curve_cells / 4 - 1] == Approx(0.2));
    CHECK(shorter.memory[curve_cells / 4] == 1);
    CHECK(longer.end == curve_cells);
    CHECK(longer.memory[curve_cells - 2] == Approx(0.2));
    CHECK(longer.memory[curve_cells - 1] == 1);
    for (const LaidRun& run : {shorter, longer}) {
        double runtime_s = 0;
        for (std::size_t at = 0; at < run.end; ++at) runtime_s += run.seconds_in(at);
        CHECK(runtime_s == Approx(100));
    }
}

// Ten runs: a tenth above is one, so that the second largest counts.
TEST_CASE("a share of the runs may be above, in shares of their peaks and in bytes") {
    std::vector<CurveRun> runs;
    for (int run = 1; run <= 10; ++run) runs.push_back(half_and_half(0.05 * run, 100.0 / run));
    const LaidRuns all(laid(runs, 100), 0);
    CHECK(all.below(0).shares[5] == Approx(0.5));
    CHECK(all.below(0.1).shares[5] == Approx(0.45));
    CHECK(all.below(0.1).bytes[5] == Approx(5));  // each came to 5 bytes
}

// A tenth of 100 s is 6.4 cells: up to 7 earlier.
TEST_CASE("phases are widened, and nothing is known of a run beyond its end") {
    const LaidRuns all(laid(std::vector<CurveRun>(3, half_and_half(0.2, 1)), 200), 0.1);
    const Levels levels = all.below(0);
    CHECK(levels.shares[curve_cells / 4 - 5] == Approx(0.2));
    CHECK(levels.shares[curve_cells / 4 - 4] == 1);
    CHECK(levels.shares[curve_cells - 1] == 1);  // too few are going there: what was held is not given back
}

TEST_CASE("what the others stayed below is what is known when a run was never seen") {
    Rng rng(3);
    std::vector<CurveRun> runs;
    for (int run = 0; run < 13; ++run) runs.push_back(half_and_half(rng.uniform(), 1 + rng.uniform()));
    const std::vector<LaidRun> on_axis = laid(runs, 100);
    const LaidRuns all(on_axis, 0.05);
    for (const double above : {0.0, 0.1, 0.3, 0.97}) {
        const LaidRuns::Pair pair = all.around(above);
        for (std::size_t run = 0; run < runs.size(); ++run) {
            std::vector<LaidRun> others = on_axis;
            others.erase(others.begin() + static_cast<std::ptrdiff_t>(run));
            const Levels expected = LaidRuns(others, 0.05).below(above), found = all.below_without(run, pair);
            CHECK(found.shares == expected.shares);
            CHECK(found.bytes == expected.bytes);
        }
    }
}
