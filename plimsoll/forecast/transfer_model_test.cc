// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/forecast/transfer_model.h"

#include <doctest/doctest.h>

#include <cmath>

#include "plimsoll/base/random.h"

using namespace plimsoll;
using namespace plimsoll::forecast;

namespace {

constexpr double mib = 1 << 20;

}  // namespace

TEST_CASE("nothing is said of what was never moved: nobody may have counted it") {
    TransferModel model;
    CHECK_FALSE(model.estimate(mib));
    for (int at = 0; at < 20; ++at) model.learn(at * mib, 0);
    CHECK_FALSE(model.estimate(mib));
    model.learn(mib, 5 * mib);
    REQUIRE(model.estimate(mib));
    CHECK(model.estimate(mib)->p50 == 0);
}

TEST_CASE("bytes that go with the input are told by it, others by their median") {
    TransferModel with_input, steady;
    for (int at = 1; at <= 12; ++at) {
        with_input.learn(at * mib, 3 * at * mib);
        steady.learn(at * mib, 7 * mib);
    }
    REQUIRE(with_input.estimate(40 * mib));
    CHECK(with_input.estimate(40 * mib)->p50 == doctest::Approx(120 * mib));
    REQUIRE(steady.estimate(40 * mib));
    CHECK(steady.estimate(40 * mib)->p50 == doctest::Approx(7 * mib));
}

TEST_CASE("the bound is promised from nine instances on, and holds as often as it says") {
    int held = 0, told = 0;
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        Rng rng(seed);
        TransferModel model;
        for (int at = 0; at < 60; ++at) {
            const double x = mib * (1 + 30 * rng.uniform()), y = 2 * x * std::exp(0.4 * rng.normal());
            const auto said = model.estimate(x);
            CHECK((said && said->stated.has_value()) == (at >= 10));
            if (said && said->stated) ++told, held += y <= said->bound;
            model.learn(x, y);
        }
    }
    const double share = static_cast<double>(held) / told;
    CAPTURE(share);
    CHECK(share >= 0.88);
    CHECK(share <= 0.96);
}
