// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/forecast/forecaster.h"

#include <doctest/doctest.h>

#include "plimsoll/forecast/bounds.h"

using namespace plimsoll;
using namespace plimsoll::forecast;
using namespace std::chrono_literals;
using doctest::Approx;

namespace {

const TaskKind align{.workflow = "variants", .step = "align", .tool = "bwa mem"};

Features input(Bytes bytes, std::string machine = "here") {
    return {.input_bytes = bytes, .input_count = 1, .numbers = {}, .machine = std::move(machine)};
}

Observation ran(const TaskKind& kind, Bytes in, Bytes peak, Duration runtime = 10s, Duration cpu = 10s) {
    Observation seen;
    seen.kind = kind;
    seen.features = input(in);
    seen.profile.memory_peak = peak;
    seen.profile.runtime = runtime;
    seen.profile.cpu = cpu;
    return seen;
}

Observation killed(Bytes in, Bytes limit) {
    Observation seen = ran(align, in, limit);
    seen.ending = Ending::out_of_memory;
    seen.reserved_memory = limit;
    return seen;
}

Terms terms(std::optional<Bytes> memory = {}) {
    Terms terms;
    terms.request.memory = memory;
    terms.machine_cpu = 4_cores;
    terms.machine_memory = 16_GiB;
    return terms;
}

Bytes bound(const Forecast& forecast) { return {static_cast<std::int64_t>(forecast.memory.bound)}; }

std::unique_ptr<Forecaster> learner() { return make_forecaster("replayed-cost"); }

}  // namespace

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
    CHECK(bound(forecaster->forecast(align, input(60_MiB), terms(3_GiB))) == 600_MiB);
    CHECK(bound(forecaster->forecast(align, input(10_MiB), terms(3_GiB))) < 300_MiB);
    forecaster->learn(ran(align, 50_MiB, 350_MiB));
    CHECK(bound(forecaster->forecast(align, input(60_MiB), terms(3_GiB))) < 600_MiB);
}

// Growing in place makes good what the request leaves out; to start above it is the user's to allow.
TEST_CASE("a request caps a first attempt even where it was tried and was too little, and the model says so") {
    const auto forecaster = learner();
    forecaster->learn(ran(align, 10_MiB, 200_MiB));
    forecaster->learn(killed(50_MiB, 256_MiB));
    const Forecast capped = forecaster->forecast(align, input(60_MiB), terms(256_MiB));
    CHECK(bound(capped) == 256_MiB);
    CHECK(capped.model == "more than what ran out of memory, cut to the request");
    Terms free = terms(256_MiB);
    free.may_exceed_request = true;
    CHECK(bound(forecaster->forecast(align, input(60_MiB), free)) == 512_MiB);
    CHECK(forecaster->retry_memory(align, input(60_MiB), terms(256_MiB), 256_MiB, 1) == 512_MiB);
}

TEST_CASE("a retry exceeds what failed, the request or not, and never the machine") {
    const auto forecaster = learner();
    CHECK(forecaster->retry_memory(align, input(1_MiB), terms(1_GiB), 1_GiB, 1) == 2_GiB);
    CHECK(forecaster->retry_memory(align, input(1_MiB), terms(1_GiB), 12_GiB, 2) == 16_GiB);
    forecaster->learn(ran(align, 1_MiB, 200_MiB));
    CHECK(forecaster->retry_memory(align, input(1_MiB), terms(1_GiB), 100_MiB, 1) == 210_MiB);
}

TEST_CASE("another workflow's use of the tool counts where the kind is unknown, a bare interpreter's does not") {
    const auto forecaster = learner();
    TaskKind elsewhere{.workflow = "other", .step = "map", .tool = "bwa mem"};
    TaskKind script{.workflow = "other", .step = "plot", .tool = "python3"};
    for (int i = 0; i < 3; ++i) {
        forecaster->learn(ran(elsewhere, 10_MiB, 300_MiB));
        forecaster->learn(ran(script, 10_MiB, 300_MiB));
    }
    const Forecast forecast = forecaster->forecast(align, input(20_MiB), terms(3_GiB));
    CHECK(forecast.source == Provenance::tool);
    CHECK(bound(forecast) >= 300_MiB);
    CHECK(bound(forecast) < 1_GiB);
    TaskKind mine{.workflow = "variants", .step = "draw", .tool = "python3"};
    CHECK(forecaster->forecast(mine, input(20_MiB), terms(3_GiB)).source == Provenance::request);
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
    CHECK(forecaster->forecast(align, input(20_MiB), terms()).memory.p50 == Approx(900 << 20));
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

// 200 MiB for 6 s of 10, then 800 MiB; the high phase is widened to 5 s before the end at most.
// 5 to warm up, and of n ratios at most n / (n + 1) can be promised: 19 for 95 %.
TEST_CASE("a bound is promised with its probability once there are instances enough, apart from what is reserved") {
    const auto forecaster = learner();
    for (int i = 0; i < 23; ++i) forecaster->learn(ran(align, 10_MiB + 1_KiB * i, 500_MiB + 1_MiB * (i % 7)));
    CHECK_FALSE(forecaster->forecast(align, input(11_MiB), terms(400_MiB)).memory_promised);
    forecaster->learn(ran(align, 10_MiB, 507_MiB));
    const Forecast forecast = forecaster->forecast(align, input(11_MiB), terms(400_MiB));
    REQUIRE(forecast.memory_promised);
    CHECK(forecast.memory_promised->stated == 0.95);
    CHECK(forecast.memory_promised->bound >= 500 << 20);
    CHECK(forecast.memory_promised->bound <= 520 << 20);
    CHECK(forecast.memory_promised->measured);
    CHECK(bound(forecast) == 400_MiB);
    CHECK_FALSE(forecast.memory.stated);  // what is reserved promises nothing

    forecaster->learn(killed(12_MiB, 600_MiB));
    CHECK_FALSE(forecaster->forecast(align, input(12_MiB), terms()).memory_promised);
    CHECK(forecaster->forecast(align, input(11_MiB), terms()).memory_promised);
}

TEST_CASE("memory over time follows past runs, reaches the bound, and gives nothing where little would be saved") {
    const auto forecaster = learner();
    const TaskKind flat{.workflow = "variants", .step = "flat", .tool = "samtools sort"};
    for (int run = 0; run < 3; ++run) {
        CHECK(forecaster->forecast(align, input(10_MiB), terms()).curve.empty());
        Observation seen = ran(align, 10_MiB, 800_MiB);
        seen.profile.segments = {{.until = 6s, .memory = 200_MiB, .cpu = 0.5_cores},
                                 {.until = 10s, .memory = 800_MiB, .cpu = 1.75_cores}};
        forecaster->learn(seen);
        seen.kind = flat;
        seen.profile.segments[0].memory = 780_MiB;
        forecaster->learn(seen);
    }
    Terms live = terms();
    live.memory_headroom = live_headroom;
    const Forecast forecast = forecaster->forecast(align, input(10_MiB), live);
    REQUIRE(forecast.curve.size() == 2);
    CHECK(forecast.curve[0].until <= 5s);
    CHECK(forecast.curve[0].until >= 4800ms);
    CHECK(forecast.curve[0].memory == 220_MiB + live_headroom);  // a quarter of 880 MiB
    CHECK(forecast.curve[0].cpu.count == Approx(forecast.cpu.bound / 2));
    CHECK(forecast.curve[1].until == 10s);
    CHECK(forecast.curve[1].memory == bound(forecast));
    CHECK(forecast.curve[1].cpu.count == forecast.cpu.bound);
    CHECK(forecaster->forecast(flat, input(10_MiB), live).curve.empty());

    // A request in the way cuts what is above it and leaves the low phase what it needs.
    const Forecast capped = forecaster->forecast(align, input(10_MiB), terms(400_MiB));
    REQUIRE(capped.curve.size() == 2);
    CHECK(capped.curve[0].memory == 220_MiB);
    CHECK(capped.curve[1].memory == 400_MiB);
    CHECK(forecaster->forecast(align, input(10_MiB, "there"), terms()).curve.empty());
}

TEST_CASE("every forecaster has a name, and other names give none") {
    CHECK(make_forecaster("request"));
    CHECK(make_forecaster("replayed-cost"));
    CHECK_FALSE(make_forecaster("oracle"));
}
