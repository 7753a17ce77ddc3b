// SPDX-License-Identifier: Apache-2.0
#include "benches/sizing/protocol.h"

#include <doctest/doctest.h>

#include <cstdlib>

#include "benches/sizing/protocols.h"
#include "tests/skip.h"

using namespace plimsoll;
using namespace plimsoll::benches;
using doctest::Approx;

namespace {

Score replay(const std::vector<TraceTask>& trace, std::string_view name, const MethodOptions& options) {
    const auto method = make_method(name, options);
    return replay_causal(trace, *method, options, ManualClock());
}

}  // namespace

// The second task starts before the first has completed: its kind is cold too. 1 GiB is requested for a peak
// of half of it, over an hour.
TEST_CASE("only what had completed is known") {
    constexpr double gib = 1 << 30;
    const TraceTask first{.workflow = "",
                          .kind = "a",
                          .row = 0,
                          .request = gib,
                          .input = 1,
                          .peak = gib / 2,
                          .rss = 0,
                          .runtime_s = 3600,
                          .start_s = 0,
                          .complete_s = 3600,
                          .completed = true};
    TraceTask second = first, third = first;
    second.start_s = 100, second.complete_s = 3700;
    third.start_s = 3700, third.complete_s = 7300;
    const Score score = replay({first, second, third}, "max-1.1", {});
    CHECK(score.tasks == 3);
    CHECK(score.cold_gbh == Approx(2 * gib / 2 / 1e9));
    CHECK(score.over_gbh == Approx((2 * 0.5 + 0.05) * gib / 1e9).epsilon(0.001));
    CHECK(score.failed_tasks == 0);
}

TEST_CASE("of whoever requests nothing the whole node is held until its kind is known") {
    TraceTask first;
    first.kind = "a";
    first.peak = 1e9;
    first.runtime_s = first.complete_s = 3600;
    first.completed = true;
    TraceTask second = first;
    second.start_s = 3600, second.complete_s = 7200;
    const Score score = replay({first, second}, "max-1.1", {});
    CHECK(score.cold_gbh == Approx(127));
    CHECK(score.wastage_gbh() == Approx(127.1).epsilon(0.0001));
}

// The figures published for these traces: wastage in GBh, failed attempts and tasks.
TEST_CASE("the published figures come out") {
    const char* data = std::getenv("PLIMSOLL_DATA");
    if (!data) PLIM_SKIP("PLIMSOLL_DATA does not name the folder of public traces");
    const MethodOptions options;
    const std::vector<TraceTask> eager = read_trace(std::string(data) + "/sizing", "eager").value();
    CHECK(replay(eager, "request", options).wastage_gbh() == Approx(3251.2).epsilon(0.0001));
    const Score largest = replay(eager, "max-1.1", options);
    CHECK(largest.wastage_gbh() == Approx(1708.3).epsilon(0.0001));
    CHECK(largest.failed_attempts == 68);
    const Score replayed = replay(eager, "replayed-cost", options);
    CHECK(replayed.wastage_gbh() == Approx(1378.0).epsilon(0.0001));
    CHECK(replayed.failed_attempts == 82);
    CHECK(replayed.failed_tasks == 64);
    CHECK(replayed.cold_gbh == Approx(566.6).epsilon(0.0001));
}

// Protocols S, W and K with their published splits: what rivals wasted there.
TEST_CASE("the published figures of the splits come out") {
    const char* data = std::getenv("PLIMSOLL_DATA");
    if (!data) PLIM_SKIP("PLIMSOLL_DATA does not name the folder of public traces");
    const std::string folder = std::string(data) + "/sizing";
    const auto wastage = [&](const char* protocol, const char* workflow, const char* method) {
        const auto rows = run_protocol({.protocol = protocol,
                                        .folder = folder,
                                        .workflows = {workflow},
                                        .methods = {method},
                                        .options = {},
                                        .seed = 1},
                                       ManualClock(), [](const std::string&) {});
        return rows.value().front().score.wastage_gbh();
    };
    CHECK(wastage("S", "methylseq", "witt-mean") == Approx(2819.8).epsilon(0.001));
    CHECK(wastage("S", "methylseq", "ponder") == Approx(749.7).epsilon(0.001));
    CHECK(wastage("S", "chipseq", "tovar-node") == Approx(211.0).epsilon(0.001));
    CHECK(wastage("S", "iwd", "tovar-doubling") == Approx(1.042).epsilon(0.001));
    CHECK(wastage("W", "methylseq", "max-1.1") == Approx(1982.3).epsilon(0.001));
    CHECK(wastage("W", "methylseq", "replayed-cost") == Approx(288.8).epsilon(0.005));
    CHECK(wastage("S", "chipseq", "sizey") == Approx(97).epsilon(0.3));
    CHECK(wastage("S", "methylseq", "sizey") == Approx(5099).epsilon(0.3));
    CHECK(wastage("K", "eager", "ponder") == Approx(1339.3).epsilon(0.001));
    CHECK(wastage("T", "eager", "k-segments") == Approx(972.2).epsilon(0.001));
    CHECK(wastage("T", "eager", "ks-plus") == Approx(767.8).epsilon(0.001));
    CHECK(wastage("T", "eager", "replayed-cost-static") == Approx(1214.8).epsilon(0.001));
}
