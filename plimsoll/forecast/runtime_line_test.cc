// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/forecast/runtime_line.h"

#include <doctest/doctest.h>

#include <utility>
#include <vector>

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
    const auto line = line_of({{1e6, 1}, {10e6, 20}});
    REQUIRE(line);
    CHECK(line->start_up_s == 0.0);
    CHECK(line->per_byte_s > 0);
}

}  // namespace
}  // namespace plimsoll::forecast
