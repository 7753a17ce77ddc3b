// SPDX-License-Identifier: Apache-2.0
#include "benches/sizing/protocol.h"

#include <doctest/doctest.h>

#include <cstdlib>

#include "tests/skip.h"

using namespace plimsoll;
using namespace plimsoll::benches;
using doctest::Approx;

namespace {

Score replay(const std::vector<TraceTask>& trace, std::string_view name, const MethodOptions& options) {
    const auto method = make_method(name, options);
    return replay_cold(trace, *method, options, ManualClock());
}

}  // namespace

// The second task starts before the first has completed: its kind is cold too. 1 GiB is requested for a peak
// of half of it, over an hour.
TEST_CASE("only what had completed is known") {
    constexpr double gib = 1 << 30;
    const TraceTask first{.kind = "a",
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

// At no weight on failures, no headroom and a request that caps, the product is the published method.
TEST_CASE("the product at its thriftiest is the published method") {
    const char* data = std::getenv("PLIMSOLL_DATA");
    if (!data) PLIM_SKIP("PLIMSOLL_DATA does not name the folder of public traces");
    MethodOptions options;
    options.risk = 0;
    const std::vector<TraceTask> methylseq = read_trace(std::string(data) + "/sizing", "methylseq").value();
    const Score product = replay(methylseq, "plimsoll", options);
    CHECK(product.wastage_gbh() == Approx(1340.2).epsilon(0.0001));
    CHECK(product.failed_attempts == 101);
    CHECK(product.failed_tasks == 68);
}
