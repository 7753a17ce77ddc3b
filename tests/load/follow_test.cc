// SPDX-License-Identifier: Apache-2.0
#include "follow.h"

#include <doctest/doctest.h>

#include <algorithm>

using namespace plimsoll;
using namespace plimsoll::load;
using namespace std::chrono_literals;

namespace {

/// Notes what it is asked to hold; refuses more than `most`.
struct NotedMemory final : Memory {
    Bytes most = 1_GiB;
    std::vector<double> mib;

    Result<void> hold(Bytes amount) override {
        if (amount > most) return unavailable("no more");
        mib.push_back(amount / 1_MiB);
        return {};
    }
    Bytes held() const override { return mib.empty() ? 0_B : 1_MiB * mib.back(); }
};

struct World {
    ManualClock clock;
    NotedMemory memory;
    Burner burner{0};
    std::optional<DiskReader> reader;
    std::optional<DiskWriter> writer;
    int looks = 0;

    Result<Followed> run(std::string_view curve, Duration a_look) {
        return follow({.memory = parse_memory_curve(curve).value()},
                      {.memory = memory, .burner = burner, .reader = reader, .writer = writer}, clock, [&](Duration) {
                          ++looks;
                          clock.advance_to(clock.now() + a_look);
                      });
    }
};

}  // namespace

TEST_CASE("every point is held, whatever lies between two looks") {
    World world;
    const Followed seen = world.run("0s:1MiB 10ms:7MiB 10ms:2MiB 100ms:2MiB", 40ms).value();
    CHECK(world.memory.mib == std::vector{1.0, 7.0, 2.0, 2.0, 2.0});
    CHECK(seen.held_most == 7_MiB);
    CHECK(seen.own == 100ms);
}

TEST_CASE("a frozen program goes on where it was: own time advances by 50 ms a look at most") {
    World world;
    const Followed seen = world.run("0s:0 200ms:8MiB", 10s).value();
    CHECK(world.looks == 4);
    CHECK(world.memory.mib == std::vector{0.0, 2.0, 4.0, 6.0, 8.0});
    CHECK(seen.wall == 40s);
}

TEST_CASE("memory that is refused ends it, with the time") {
    World world;
    world.memory.most = 4_MiB;
    const auto seen = world.run("0s:0 200ms:8MiB", 50ms);
    REQUIRE_FALSE(seen.has_value());
    CHECK(seen.error().message == "at 0.15 s of own time: no more");
}
