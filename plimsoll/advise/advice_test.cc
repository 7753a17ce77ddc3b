// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/advise/advice.h"

#include <doctest/doctest.h>

#include <cmath>

#include "plimsoll/base/random.h"

using namespace plimsoll;
using namespace plimsoll::advise;
using namespace std::chrono_literals;

namespace {

/// A world in which tasks come one after the other.
struct Kind {
    KindAdviser adviser;
    TaskId next = 0;

    explicit Kind(const AdviceOptions& options = {}) : adviser({.workflow = "w", .step = "s", .tool = ""}, options) {}
    history::PastAttempt attempt(Ending ending, Bytes peak, Duration runtime = 1h) {
        history::PastAttempt past;
        past.run = 1;
        past.id = {.task = next++, .number = 1};
        past.request = {.cpu = 8_cores, .memory = 16_GiB, .time = 24h, .disk = {}, .gpu = {}};
        past.ending = ending;
        past.memory_peak = peak;
        past.runtime = runtime;
        past.cpu = 2 * runtime;
        past.machine = "m";
        return past;
    }
    void finish(Bytes peak, Duration runtime = 1h) { adviser.learn(attempt(Ending::finished, peak, runtime)); }
    void run_out() { adviser.learn(attempt(Ending::out_of_memory, 15_GiB)); }
};

}  // namespace

TEST_CASE("what was asked for, used and wasted adds up") {
    Kind kind;
    for (int at = 0; at < 10; ++at) kind.finish(1_GiB);
    const KindAdvice advice = kind.adviser.advice();
    const double gib_hours = 10 * 0x1p30 / 1e9;
    CHECK(advice.finished == 10);
    CHECK(advice.memory->requested == 16_GiB);
    CHECK(advice.memory->requested_gbh == doctest::Approx(16 * gib_hours));
    CHECK(advice.memory->wasted_gbh == doctest::Approx(15 * gib_hours));
    CHECK(advice.memory->largest == 1_GiB);
    CHECK(advice.memory->advised >= 1_GiB);
    CHECK(advice.memory->advised <= 2_GiB);
    // The first task is advised nothing and keeps its request; those after it waste little.
    CHECK(advice.memory->replayed.tasks == 9);
    CHECK(advice.memory->replayed.failed == 0);
    CHECK(advice.memory->advised_wasted_gbh < 21 * gib_hours);
    CHECK(advice.cpu->advised == 2);
    CHECK(advice.cpu->used_ch == doctest::Approx(20));
    CHECK(advice.time->largest == 1h);
    CHECK(advice.time->requested == 24h);
}

// Independent draws are exchangeable. Of 2,000 tasks after the first 200, a share of 5 % is 90 with a standard
// deviation of about 9.2; the advice is rounded up, so fewer fail. Five deviations above is once in three million.
TEST_CASE("at most the stated share of unseen tasks needs more than was advised") {
    Rng rng(7);
    Kind kind({.stay_under = 0.95});
    for (int at = 0; at < 2000; ++at) kind.finish(Bytes{static_cast<std::int64_t>(1e9 * std::exp(0.4 * rng.normal()))});
    const KindAdvice advice = kind.adviser.advice();
    CHECK(advice.memory->promised);
    CHECK(advice.memory->replayed.tasks == 1999);
    CHECK(advice.memory->replayed.failed <= 150);
    CHECK(advice.memory->replayed.failed >= 20);
}

TEST_CASE("too few tasks promise nothing") {
    Kind kind;
    for (int at = 0; at < 19; ++at) kind.finish(1_GiB);
    CHECK_FALSE(kind.adviser.advice().memory->promised);
}

TEST_CASE("tasks that ran out of memory raise the advice above what they had") {
    Kind kind;
    for (int at = 0; at < 60; ++at) kind.finish(1_GiB);
    for (int at = 0; at < 10; ++at) kind.run_out();
    const KindAdvice advice = kind.adviser.advice();
    CHECK(advice.out_of_memory == 10);
    CHECK(advice.memory->advised >= 32_GiB);
    CHECK_FALSE(advice.memory->promised);
    CHECK(advice.memory->replayed.failed >= 1);
    CHECK(advice.memory->replayed.failed + advice.memory->replayed.unknown == 10);
}

TEST_CASE("a task that was tried again tells by its next try what it needs") {
    Kind kind;
    for (int at = 0; at < 200; ++at) kind.finish(1_GiB);
    for (int at = 0; at < 20; ++at) {
        kind.run_out();
        history::PastAttempt again = kind.attempt(Ending::finished, 20_GiB);
        again.id = {.task = kind.next - 2, .number = 2};
        again.request.memory = 32_GiB;
        kind.adviser.learn(again);
    }
    const KindAdvice advice = kind.adviser.advice();
    CHECK(advice.memory->advised >= 20_GiB);
    CHECK(advice.memory->advised <= 24_GiB);
}

TEST_CASE("a kind that only ever ran out of memory is advised more, and promised nothing") {
    Kind kind;
    kind.run_out();
    const KindAdvice advice = kind.adviser.advice();
    CHECK(advice.memory->advised == 32_GiB);
    CHECK_FALSE(advice.memory->promised);
    CHECK(advice.finished == 0);
}

TEST_CASE("the knob goes from thrifty to safe") {
    const auto advised = [](double risk) {
        Rng rng(3);
        Kind kind({.risk = risk});
        for (int at = 0; at < 300; ++at)
            kind.finish(Bytes{static_cast<std::int64_t>(1e9 * std::exp(0.5 * rng.normal()))});
        return kind.adviser.advice().memory->advised;
    };
    CHECK(advised(0) < advised(10));
    CHECK(advised(10) <= advised(100));
}

TEST_CASE("runtimes of another machine do not say how long to ask for") {
    Kind kind;
    for (int at = 0; at < 30; ++at) kind.finish(1_GiB, 10h);
    history::PastAttempt elsewhere = kind.attempt(Ending::finished, 1_GiB, 1h);
    elsewhere.machine = "faster";
    kind.adviser.learn(elsewhere);
    CHECK(kind.adviser.advice().time->advised < 3h);
}

TEST_CASE("requests are numbers that one can write down") {
    CHECK(rounded_request(1.0) == 32_MiB);
    CHECK(rounded_request(0x1p30) == 1_GiB);
    CHECK(rounded_request(0x1p30 + 1) == 1_GiB + 64_MiB);
    CHECK(rounded_request(Duration(10s)) == 1min);
    CHECK(rounded_request(Duration(1h + 1s)) == 1h + 5min);
    CHECK(rounded_request(Duration(25h + 1s)) == 26h);
}
