// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/forecast/forecaster.h"

#include <doctest/doctest.h>

#include "plimsoll/forecast/learning_for_test.h"

using namespace plimsoll;
using namespace plimsoll::forecast;
using namespace std::chrono_literals;
using doctest::Approx;

TEST_CASE("with nothing learnt the user's request counts, and nothing is promised") {
    Terms asked = terms(3_GiB);
    asked.request.cpu = 2_cores;
    asked.request.time = 90s;
    const Forecast forecast = learner()->forecast(align, input(1_MiB), asked);
    CHECK(bound(forecast) == 3_GiB);
    CHECK(forecast.cpu.bound == 2);
    CHECK(forecast.runtime.bound == 90);
    CHECK(forecast.threads == 2);
    CHECK(forecast.source == Provenance::request);
    CHECK(forecast.model == "request");
    CHECK_FALSE(forecast.memory.stated);
    CHECK_FALSE(forecast.memory.measured);
}

TEST_CASE("with nothing asked either, a task gets a core and that core's share of what the system leaves") {
    const Forecast forecast = learner()->forecast(align, input(1_MiB), terms());
    CHECK(bound(forecast) == 3_GiB);
    CHECK(forecast.cpu.bound == 1);
    CHECK(forecast.runtime.bound == 0);
    CHECK(forecast.model == "default");
}

TEST_CASE("a request larger than the machine is cut to the machine") {
    CHECK(bound(learner()->forecast(align, input(1_MiB), terms(64_GiB))) == 16_GiB);
}

TEST_CASE("what was learnt replaces the request, and never exceeds it unasked") {
    const auto forecaster = learner();
    for (int i = 0; i < 20; ++i) forecaster->learn(ran(align, 100_MiB + 1_MiB * i, 500_MiB));
    const Forecast forecast = forecaster->forecast(align, input(110_MiB), terms(3_GiB));
    CHECK(bound(forecast) >= 500_MiB);
    CHECK(bound(forecast) <= 650_MiB);
    CHECK(bound(forecast).count % (1 << 20) == 0);
    CHECK(forecast.source == Provenance::kind);
    CHECK(forecast.samples == 20);
    CHECK(forecast.memory.measured == 1.0);

    const Forecast capped = forecaster->forecast(align, input(110_MiB), terms(400_MiB));
    CHECK(bound(capped) == 400_MiB);
    CHECK_FALSE(capped.memory.measured);  // the user's bound, not one that was measured
    Terms free = terms(400_MiB);
    free.may_exceed_request = true;
    CHECK(bound(forecaster->forecast(align, input(110_MiB), free)) >= 500_MiB);
}

TEST_CASE("bytes moved are told of the kind itself, by its input, and never of other workflows' use of the tool") {
    const auto forecaster = learner();
    for (int i = 1; i <= 12; ++i) {
        Observation seen = ran(align, 10_MiB * i, 500_MiB);
        seen.profile.write_bytes = 30_MiB * i;
        forecaster->learn(seen);
    }
    const Transfers own = forecaster->forecast(align, input(50_MiB), terms()).transfers;
    REQUIRE(own.written);
    CHECK(own.written->p50 == Approx(150 << 20));
    CHECK(own.written->stated == 0.9);
    CHECK_FALSE(own.read);  // none was seen to read: nobody may have counted
    const TaskKind elsewhere{.workflow = "other", .step = "map", .tool = align.tool};
    const Forecast other = forecaster->forecast(elsewhere, input(50_MiB), terms());
    CHECK(other.source == Provenance::tool);
    CHECK(other.transfers == Transfers{});
}

TEST_CASE("no bound is less than 32 MiB, unless the user asks for less") {
    const auto forecaster = learner();
    CHECK(bound(forecaster->forecast(align, input(1_MiB), terms(Bytes{10'000'000}))) == Bytes{10'000'000});
    forecaster->learn(ran(align, 1_MiB, 1_MiB));
    CHECK(bound(forecaster->forecast(align, input(1_MiB), terms())) == 32_MiB);
    CHECK(bound(forecaster->forecast(align, input(1_MiB), terms(Bytes{10'000'000}))) == Bytes{10'000'000});
}

TEST_CASE("the headroom of live runs comes on top") {
    const auto forecaster = learner();
    for (int i = 0; i < 5; ++i) forecaster->learn(ran(align, 100_MiB, 500_MiB));
    Terms live = terms(3_GiB);
    const Bytes bare = bound(forecaster->forecast(align, input(100_MiB), live));
    live.memory_headroom = live_headroom;
    CHECK(bound(forecaster->forecast(align, input(100_MiB), live)) == bare + live_headroom);
}

TEST_CASE("the same input again is held near what it needed before") {
    const auto forecaster = learner();
    for (int run = 0; run < 2; ++run)
        for (int i = 1; i <= 6; ++i) forecaster->learn(ran(align, 10_MiB * i, i % 2 ? 900_MiB : 100_MiB));
    const Forecast small = forecaster->forecast(align, input(40_MiB), terms(3_GiB));
    CHECK(bound(small) == 110_MiB);
    CHECK(small.model == "same input x 1.1");
    CHECK(bound(forecaster->forecast(align, input(50_MiB), terms(3_GiB))) == 990_MiB);
}

TEST_CASE("a kill is a floor for the same and larger inputs until one of those finishes") {
    const auto forecaster = learner();
    for (int i = 0; i < 10; ++i) forecaster->learn(ran(align, 10_MiB, 200_MiB));
    forecaster->learn(killed(50_MiB, 300_MiB));
    CHECK(bound(forecaster->forecast(align, input(60_MiB), terms(3_GiB))) == 405_MiB);
    CHECK(bound(forecaster->forecast(align, input(10_MiB), terms(3_GiB))) < 300_MiB);
    forecaster->learn(ran(align, 50_MiB, 350_MiB));
    CHECK(bound(forecaster->forecast(align, input(60_MiB), terms(3_GiB))) > 350_MiB);
}

// Growing in place makes good what the request leaves out; to start above it is the user's to allow.
TEST_CASE("a request caps a first attempt even where it was tried and was too little, and the model says so") {
    const auto forecaster = learner();
    for (int i = 0; i < 10; ++i) forecaster->learn(ran(align, 60_MiB, 200_MiB));
    forecaster->learn(killed(60_MiB, 256_MiB));
    const Forecast capped = forecaster->forecast(align, input(60_MiB), terms(256_MiB));
    CHECK(bound(capped) == 256_MiB);
    CHECK(capped.model == "more than what ran out of memory, cut to the request");
    Terms free = terms(256_MiB);
    free.may_exceed_request = true;
    CHECK(bound(forecaster->forecast(align, input(60_MiB), free)) == 346_MiB);
    CHECK(forecaster->retry_memory(align, input(60_MiB), terms(256_MiB), 256_MiB, 1) == 346_MiB);
}

TEST_CASE("a retry exceeds what failed, the request or not, and never the machine") {
    const auto forecaster = learner();
    CHECK(forecaster->retry_memory(align, input(1_MiB), terms(1_GiB), 1_GiB, 1) == 2_GiB);
    CHECK(forecaster->retry_memory(align, input(1_MiB), terms(1_GiB), 12_GiB, 2) == 16_GiB);
    forecaster->learn(ran(align, 1_MiB, 200_MiB));
    CHECK(forecaster->retry_memory(align, input(1_MiB), terms(1_GiB), 100_MiB, 1) == 206_MiB);
}

TEST_CASE("runtimes of another machine size nothing here") {
    const auto forecaster = learner();
    forecaster->learn(ran(align, 10_MiB, 300_MiB, 40s));
    CHECK(forecaster->forecast(align, input(10_MiB, "here"), terms()).runtime.p50 == 40);
    CHECK(forecaster->forecast(align, input(10_MiB, "there"), terms()).runtime.bound == 0);
}

TEST_CASE("a timeout says that more time is needed") {
    const auto forecaster = learner();
    Observation cut = ran(align, 10_MiB, 300_MiB, 60s);
    cut.ending = Ending::timeout;
    forecaster->learn(ran(align, 1_MiB, 300_MiB, 1s));
    forecaster->learn(cut);
    CHECK(forecaster->forecast(align, input(10_MiB), terms()).runtime.bound == 120);
    CHECK(forecaster->forecast(align, input(1_MiB), terms()).runtime.bound < 2);
}

// Ended at 400 MiB after 60 s to make room: the need is at least that, but it had not run out of anything.
TEST_CASE("an attempt that had to make room says at least, until one of no less input has finished") {
    const auto forecaster = learner();
    for (int i = 0; i < 5; ++i) forecaster->learn(ran(align, 10_MiB, 200_MiB, 10s));
    Observation cut = ran(align, 50_MiB, 400_MiB, 60s);
    cut.ending = Ending::preempted;
    cut.reserved_memory = 1_GiB;
    forecaster->learn(cut);
    const Forecast larger = forecaster->forecast(align, input(60_MiB), terms());
    CHECK(bound(larger) == 420_MiB);
    CHECK(larger.runtime.bound == 60);
    CHECK(larger.runtime.p50 == 60);
    CHECK(larger.samples == 5);
    CHECK(bound(forecaster->forecast(align, input(10_MiB), terms())) < 300_MiB);
    forecaster->learn(ran(align, 50_MiB, 210_MiB, 11s));
    CHECK(bound(forecaster->forecast(align, input(60_MiB), terms())) < 400_MiB);
    CHECK(forecaster->forecast(align, input(60_MiB), terms()).runtime.bound < 60);
}

TEST_CASE("an attempt that was grown in place and finished is an instance of what it needed") {
    const auto forecaster = learner();
    Observation grown = ran(align, 10_MiB, 900_MiB);
    grown.reserved_memory = 300_MiB;  // what it started with
    forecaster->learn(grown);
    CHECK(forecaster->forecast(align, input(10_MiB), terms()).memory.p50 == Approx(900 << 20));
}

TEST_CASE("cores are held as they were busy, threads are left as they were asked for") {
    const auto forecaster = learner();
    Terms asked = terms();
    asked.request.cpu = 4_cores;
    for (int i = 0; i < 12; ++i) forecaster->learn(ran(align, 10_MiB, 300_MiB, 10s, 12s));
    const Forecast forecast = forecaster->forecast(align, input(10_MiB), asked);
    CHECK(forecast.cpu.bound == Approx(1.2));
    CHECK(forecast.threads == 4);
}

// Half the time on a core and half the time waiting for one: alone, it would have kept one core busy.
TEST_CASE("a task that had to share a core is not taken for a small one") {
    const auto forecaster = learner();
    for (int i = 0; i < 12; ++i) {
        Observation shared = ran(align, 10_MiB, 300_MiB, 10s, 5s);
        shared.profile.cpu_stall = 5s;
        forecaster->learn(shared);
    }
    CHECK(forecaster->forecast(align, input(10_MiB), terms()).cpu.bound == Approx(1.0));
}

TEST_CASE("failed commands teach nothing") {
    const auto forecaster = learner();
    for (const Ending ending :
         {Ending::exit, Ending::signal, Ending::cancelled, Ending::missing_output, Ending::lost}) {
        Observation failed = ran(align, 10_MiB, 300_MiB);
        failed.ending = ending;
        forecaster->learn(failed);
    }
    CHECK(forecaster->forecast(align, input(10_MiB), terms(1_GiB)).source == Provenance::request);
}

TEST_CASE("every forecaster has a name, and other names give none") {
    CHECK(make_forecaster("request"));
    CHECK(make_forecaster("replayed-cost"));
    CHECK_FALSE(make_forecaster("oracle"));
}
