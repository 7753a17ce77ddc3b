// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/schedule/fluid_shares.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "plimsoll/base/random.h"

using namespace plimsoll;
using namespace plimsoll::schedule;

namespace {

Resources of(const char* text) { return parse_resources(text).value(); }

void check_shares(const std::vector<double>& got, const std::vector<double>& expected) {
    REQUIRE(got.size() == expected.size());
    for (std::size_t at = 0; at < got.size(); ++at) CHECK(got[at] == doctest::Approx(expected[at]));
}

}  // namespace

// Ghodsi et al.: x tasks of a and y of b with 4 x / 18 = 3 y / 9 and x + 3 y = 9: x = 3, y = 2.
TEST_CASE("two users whose dominant resources differ come to equal dominant shares") {
    check_shares(fluid_shares(std::vector<FluidUser>{{of("cpu=1 memory=4GiB")}, {of("cpu=3 memory=1GiB")}},
                              of("cpu=9 memory=18GiB")),
                 {3, 2});
}

// Weighted max-min of 10 with wants 1, 8, 8 and weights 1, 1, 2: the first is content with 1, the other 9 go 3 : 6.
TEST_CASE("of one kind it is weighted max-min fairness") {
    const Resources one = of("cpu=1");
    check_shares(fluid_shares(std::vector<FluidUser>{{one, 1, 1}, {one, 1, 8}, {one, 2, 8}}, of("cpu=10")), {1, 3, 6});
}

TEST_CASE("a user who needs only what nobody else does gets all of it") {
    check_shares(fluid_shares(std::vector<FluidUser>{{of("cpu=1")}, {of("cpu=1")}, {of("gpu=1")}}, of("cpu=8 gpu=4")),
                 {4, 4, 4});
}

TEST_CASE("who asks for nothing, or for what is not there, gets nothing and holds nobody up") {
    check_shares(fluid_shares(std::vector<FluidUser>{{Resources{}}, {of("gpu=1")}, {of("cpu=2")}}, of("cpu=8")),
                 {0, 0, 4});
}

// Nobody could get more without taking from one whose weighted share is no larger: each user lacks some kind
// that is used up, and is among those with the largest weighted share of that kind's users.
TEST_CASE("random users: nothing is left that anybody could use, and nobody envies") {
    for (std::uint64_t seed = 1; seed <= 50; ++seed) {
        CAPTURE(seed);
        Rng rng(seed);
        const Resources capacity = of("cpu=64 memory=256GiB gpu=8");
        std::vector<FluidUser> users;
        for (int n = 0; n < 6; ++n)
            users.push_back({.bundle = {.cpu = {static_cast<double>(rng.between(0, 4))},
                                        .memory = Bytes{rng.between(1, 16) << 30},
                                        .gpu = static_cast<double>(rng.between(0, 1))},
                             .weight = static_cast<double>(rng.between(1, 3))});
        const std::vector<double> got = fluid_shares(users, capacity);
        const auto used = [&](ResourceKind kind) {
            double sum = 0;
            for (std::size_t at = 0; at < users.size(); ++at) sum += got[at] * users[at].bundle.amount(kind);
            return sum;
        };
        const auto weighted = [&](std::size_t at) {
            return got[at] * dominant_share(users[at].bundle, capacity) / users[at].weight;
        };
        for (std::size_t at = 0; at < users.size(); ++at) {
            bool is_bounded = false;
            for (const ResourceKind kind : {ResourceKind::cpu, ResourceKind::memory, ResourceKind::gpu}) {
                REQUIRE(used(kind) <= capacity.amount(kind) * (1 + 1e-9));
                if (users[at].bundle.amount(kind) <= 0 || used(kind) < capacity.amount(kind) * (1 - 1e-9)) continue;
                bool is_largest = true;
                for (std::size_t other = 0; other < users.size(); ++other)
                    if (users[other].bundle.amount(kind) > 0) is_largest &= weighted(at) >= weighted(other) - 1e-9;
                is_bounded |= is_largest;
            }
            CHECK(is_bounded);
        }
    }
}
