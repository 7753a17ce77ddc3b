// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/forecast/runtime_line.h"

#include <doctest/doctest.h>

#include <utility>
#include <vector>

#include "plimsoll/base/random.h"

namespace plimsoll::forecast {
namespace {

std::optional<RuntimeLine> line_of(const std::vector<std::pair<double, double>>& seen) {
    std::vector<InputRuntime> attempts;
    for (const auto& [bytes, runtime_s] : seen) attempts.push_back({bytes, runtime_s});
    return runtime_line(std::move(attempts));
}

// 2 s + 3 s for each million bytes.
TEST_CASE("two sizes tell what a part takes whatever its size") {
    const auto line = line_of({{1e6, 5}, {2e6, 8}, {4e6, 14}});
    REQUIRE(line);
    CHECK(line->start_up_s == doctest::Approx(2));
    CHECK(line->per_byte_s == doctest::Approx(3e-6));
    CHECK(line->spread == doctest::Approx(0));
}

TEST_CASE("one that ran beside others moves nothing") {
    const auto line = line_of({{1e6, 5}, {2e6, 8}, {4e6, 14}, {3e6, 11}, {2e6, 80}});
    REQUIRE(line);
    CHECK(line->start_up_s == doctest::Approx(2));
}

TEST_CASE("what differs by chance is all start-up") {
    const auto line = line_of({{1e6, 2.0}, {2e6, 2.1}, {1e6, 2.2}, {2e6, 1.9}});
    REQUIRE(line);
    CHECK(line->per_byte_s == 0);
    CHECK(line->start_up_s.value_or(0) == doctest::Approx(2.1).epsilon(0.05));
}

TEST_CASE("where all inputs were alike, nobody knows what the start-up is") {
    const auto line = line_of({{4e6, 8}, {4.1e6, 8.2}});
    REQUIRE(line);
    CHECK(!line->start_up_s);
    CHECK(line->at(2e6) == doctest::Approx(4));
}

TEST_CASE("without inputs, or without history, there is no line") {
    CHECK(!line_of({}));
    CHECK(!line_of({{0, 5}}));
}

TEST_CASE("what takes less for more input starts with nothing rather than less") {
    const auto line = line_of({{1e6, 1}, {4e6, 7.333333}, {10e6, 20}});
    REQUIRE(line);
    CHECK(line->start_up_s.value_or(1) < 1e-5);
    CHECK(line->per_byte_s > 0);
}

TEST_CASE("two attempts do not tell how far to trust their line") {
    const auto line = line_of({{1e6, 5}, {2e6, 8}});
    REQUIRE(line);
    CHECK(!line->start_up_s);
}

// Parts of 40 and 20 records that take 70 ms on average and from 10 to 200, after a start of a quarter of a second.
// Four of them put the start-up at 0 as often as not, and with it any number of parts would be right. What is expected
// instead must be right on average, within its own error, and be as good as nothing only where the four happen to lie
// on a line.
TEST_CASE("where the line begins is uncertain, the start-up is what to expect, not the least there may be") {
    Rng rng(3);
    const double records_s[] = {0.01, 0.02, 0.05, 0.2};
    double sum = 0;
    int nothing = 0;
    constexpr int tries = 400;
    for (int round = 0; round < tries; ++round) {
        std::vector<std::pair<double, double>> seen;
        for (const int records : {40, 20, 40, 20}) {
            double runtime_s = 0.25;
            for (int record = 0; record < records; ++record) runtime_s += records_s[rng.between(0, 3)];
            seen.emplace_back(6.0 * records, runtime_s);
        }
        const auto line = line_of(seen);
        REQUIRE(line);
        REQUIRE(line->start_up_s);
        sum += *line->start_up_s;
        nothing += *line->start_up_s < 0.05;
    }
    CHECK(nothing < tries / 10);
    CHECK(sum / tries > 0.25);
    CHECK(sum / tries < 1);
}

}  // namespace
}  // namespace plimsoll::forecast
