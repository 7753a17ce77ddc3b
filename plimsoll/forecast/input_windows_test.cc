// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/forecast/input_windows.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

using namespace plimsoll::forecast;

TEST_CASE("in one part all runs are together") {
    const InputWindows all{.runs = 10, .parts = 1};
    CHECK(all.count() == 1);
    CHECK(all.begin(0) == 0);
    CHECK(all.end(0) == 10);
    for (const double position : {0.0, 0.5, 1.0}) CHECK(all.window_at(position) == 0);
}

// 16 runs in four parts: windows of four, each two further. A run is in the window that its place gives it.
TEST_CASE("windows overlap by half, and whatever is looked for stands in its own") {
    const InputWindows quarters{.runs = 16, .parts = 4};
    REQUIRE(quarters.count() == 7);
    for (std::size_t window = 0; window < 7; ++window) {
        CHECK(quarters.begin(window) == 2 * window);
        CHECK(quarters.end(window) == 2 * window + 4);
    }
    for (std::size_t runs = 8; runs < 70; ++runs) {
        for (const std::size_t parts : {1, 2, 4}) {
            const InputWindows windows{.runs = runs, .parts = parts};
            for (std::size_t run = 0; run < runs; ++run) {
                const std::size_t window =
                    windows.window_at((static_cast<double>(run) + 0.5) / static_cast<double>(runs));
                CHECK(windows.begin(window) <= run);
                CHECK(run < windows.end(window));
            }
        }
    }
}

TEST_CASE("an input stands amid those that are like it") {
    const std::vector<double> inputs = {1, 2, 2, 4};
    CHECK(position_among(inputs, 0) == 0);
    CHECK(position_among(inputs, 2) == 0.5);
    CHECK(position_among(inputs, 3) == 0.75);
    CHECK(position_among(inputs, 9) == 1);
    CHECK(position_among({}, 9) == 0.5);
}
