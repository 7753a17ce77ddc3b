// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/shape/division.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "plimsoll/base/random.h"

using namespace plimsoll;
using namespace plimsoll::shape;

namespace {

AttemptId number(TaskId task) { return {.task = task, .number = 1}; }

/// Amounts in MiB.
struct Told {
    int held = 0, wanted = 0, most = 0;
    double worth = 0;
    int started_s = 0;
    double spent = 0;
    bool is_frozen = false;
};

Holder holder(TaskId task, const Told& told) {
    const auto mib = [](int count) { return Bytes{std::int64_t{count} << 20}; };
    return {.attempt = number(task),
            .held = mib(told.held),
            .wanted = mib(std::max(told.wanted, told.held)),
            .most = mib(std::max(told.most, std::max(told.wanted, told.held))),
            .worth = told.worth,
            .started = Instant(std::chrono::seconds(told.started_s)),
            .spent = told.spent,
            .is_frozen = told.is_frozen};
}

/// "1: 150; freeze 2; thaw 3; end 2"
std::string told(const Division& division) {
    std::string text;
    const auto add = [&text](std::string part) { text += (text.empty() ? "" : "; ") + std::move(part); };
    for (const auto& [attempt, held] : division.held) add(fmt::format("{}: {}", attempt.task, held.count >> 20));
    for (const AttemptId attempt : division.freeze) add(fmt::format("freeze {}", attempt.task));
    for (const AttemptId attempt : division.thaw) add(fmt::format("thaw {}", attempt.task));
    if (division.end) add(fmt::format("end {}", division.end->task));
    return text;
}

std::string divided(int free, std::vector<Told> all) {
    std::vector<Holder> holders;
    for (const Told& each : all) holders.push_back(holder(static_cast<TaskId>(holders.size()), each));
    return told(divide(Bytes{std::int64_t{free} << 20}, holders));
}

}  // namespace

TEST_CASE("with room everybody gets what he wants") {
    CHECK(divided(1000, {{.held = 100, .wanted = 150}, {.held = 100, .wanted = 120}, {.held = 100}}) ==
          "1: 120; 0: 150");
}

TEST_CASE("nothing changes where nobody wants more") { CHECK(divided(0, {{.held = 100}, {.held = 50}}) == ""); }

TEST_CASE("where it is short the one whose waiting costs most goes on and the others are frozen") {
    CHECK(divided(60, {{.held = 100, .wanted = 150, .worth = 1}, {.held = 100, .wanted = 150, .worth = 9}}) ==
          "1: 150; freeze 0");
}

// What a frozen one has used of its time stands still: a rank by that would pass from one to the other.
TEST_CASE("of equal worth who started first goes on, however long it was frozen") {
    const Told late{.held = 100, .wanted = 150, .started_s = 9, .spent = 70};
    const Told early{.held = 100, .wanted = 150, .started_s = 5, .spent = 1, .is_frozen = true};
    CHECK(divided(60, {late, early}) == "1: 150; freeze 0; thaw 1");
}

// 40 are free; the first may come to need 50 more, so the second gets nothing although 20 would fit now.
TEST_CASE("what the first may still need is kept for it") {
    CHECK(divided(40, {{.held = 100, .most = 150, .worth = 9}, {.held = 100, .wanted = 120}}) == "freeze 1");
    CHECK(divided(70, {{.held = 100, .most = 150, .worth = 9}, {.held = 100, .wanted = 120}}) == "1: 120");
}

TEST_CASE("a frozen one goes on as soon as there is room for it") {
    CHECK(divided(50, {{.held = 100, .wanted = 150, .is_frozen = true}}) == "0: 150; thaw 0");
}

TEST_CASE("somebody is to be ended only when nobody runs, and then who loses least by it, but not the first") {
    const Told first{.held = 100, .wanted = 150, .worth = 9, .spent = 1};
    const Told second{.held = 100, .wanted = 150, .worth = 5, .spent = 70};
    const Told third{.held = 100, .wanted = 150, .worth = 1, .spent = 80};
    CHECK(divided(0, {first, second, third}) == "freeze 2; freeze 1; freeze 0; end 1");
    CHECK(divided(0, {first, second, third, {.held = 10}}) == "freeze 2; freeze 1; freeze 0");
    CHECK(divided(0, {first}) == "freeze 0; end 0");
}

TEST_CASE("where nobody could make room the first takes what there is, though it wants more") {
    CHECK(divided(30, {{.held = 100, .wanted = 150, .worth = 9}}) == "0: 130");
    CHECK(divided(30, {{.held = 100, .wanted = 150, .worth = 9, .is_frozen = true}, {.held = 100, .wanted = 150}}) ==
          "0: 130; freeze 1; thaw 0");
    CHECK(divided(30, {{.held = 100, .wanted = 150, .worth = 9}, {.held = 50}}) == "freeze 0");
}

// Each needs at the most what it says, in steps; the room beyond what is held is what the first in rank may need.
TEST_CASE("if nobody needs more than was guessed all come to their end without an end for want of memory") {
    const std::uint64_t seed = 20261121;
    INFO("seed ", seed);
    Rng rng(seed);
    for (int round = 0; round < 200; ++round) {
        std::vector<Holder> running;
        std::vector<Bytes> used(10);
        Bytes largest_growth{};
        const int count = static_cast<int>(rng.between(2, 9));
        for (int at = 0; at < count; ++at) {
            Holder one = holder(static_cast<TaskId>(at), {.held = static_cast<int>(rng.between(50, 149))});
            one.most = one.held * (1 + rng.uniform());
            one.worth = rng.uniform();
            largest_growth = std::max(largest_growth, one.most - one.held);
            running.push_back(one);
        }
        Bytes free = largest_growth;
        for (int tick = 0; tick < 2000 && !running.empty(); ++tick) {
            for (Holder& one : running)
                if (!one.is_frozen) used[one.attempt.task] = std::min(one.most, used[one.attempt.task] + 7_MiB);
            for (Holder& one : running)
                if (used[one.attempt.task] > one.held * 0.9)
                    one.wanted = std::max(one.held, std::min(one.most, used[one.attempt.task] + 20_MiB));
            const Division division = divide(free, running);
            REQUIRE_FALSE(division.end);
            for (const auto& [attempt, held] : division.held)
                for (Holder& one : running)
                    if (one.attempt == attempt) free -= held - one.held, one.held = held;
            REQUIRE(free >= Bytes{});
            for (Holder& one : running) {
                if (std::ranges::count(division.freeze, one.attempt)) one.is_frozen = true;
                if (std::ranges::count(division.thaw, one.attempt)) one.is_frozen = false;
            }
            std::erase_if(running, [&](const Holder& one) {
                const bool is_done = used[one.attempt.task] >= one.most;
                if (is_done) free += one.held;
                return is_done;
            });
        }
        CHECK(running.empty());
    }
}
