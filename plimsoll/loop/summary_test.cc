// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/loop/summary.h"

#include <doctest/doctest.h>

#include <vector>

using namespace plimsoll;
using namespace plimsoll::loop;
using namespace std::chrono_literals;

namespace {

/// One hour long, so that GB x h are GB: reserved and requested in GB, half of the reserved used.
AttemptRecord attempt(TaskId task, int number, Ending ending, std::int64_t reserved_gb, std::int64_t requested_gb) {
    AttemptRecord record;
    record.id = {task, number};
    record.kind.step = "step";
    record.request = {.cpu = Cores{2}, .memory = Bytes{requested_gb * 1'000'000'000}};
    record.reserved = {.cpu = Cores{1}, .memory = Bytes{reserved_gb * 1'000'000'000}};
    record.outcome = Outcome{ending, 0, {}};
    record.profile.runtime = 1h;
    record.profile.cpu = 30min;
    record.profile.memory_peak = record.reserved.memory * 0.8;
    record.profile.memory_byte_seconds = static_cast<double>(record.reserved.memory.count) * 0.5 * 3600;
    record.shaping.reserved_byte_seconds = static_cast<double>(record.reserved.memory.count) * 3600;
    record.shaping.reserved_core_seconds = record.reserved.cpu.count * 3600;
    return record;
}

Summary summary_of(const std::vector<AttemptRecord>& attempts) { return summarize({}, {}, attempts); }

}  // namespace

TEST_CASE("what is held and not used is wasted, against the reservation and against the request") {
    const Summary summary = summary_of({attempt(0, 1, Ending::finished, 4, 10)});
    CHECK(summary.memory.reserved == doctest::Approx(4));
    CHECK(summary.memory.used == doctest::Approx(2));
    CHECK(summary.memory.wasted() == doctest::Approx(2));
    CHECK(summary.memory.wasted_by_requests() == doctest::Approx(8));
    CHECK(summary.cpu.wasted() == doctest::Approx(0.5));
    CHECK(summary.cpu.wasted_by_requests() == doctest::Approx(1.5));
    // 1.5 x a peak of 3.2 is held, 2 used.
    CHECK(summary.memory_wasted_by_half_more == doctest::Approx(2.8));
}

TEST_CASE("what was held for an attempt counts as it was over its time, not as the most it came to") {
    AttemptRecord grown = attempt(0, 1, Ending::finished, 4, 10);
    grown.shaping.reserved_byte_seconds *= 0.75;
    grown.shaping.grown = 2;
    const Summary summary = summary_of({grown});
    CHECK(summary.memory.reserved == doctest::Approx(3));
    CHECK(summary.memory.wasted() == doctest::Approx(1));
    CHECK(summary.grown == 2);
}

TEST_CASE("a start that the machine refused is no attempt and no retry; one that was given up is") {
    const Summary later = summary_of({attempt(0, 1, Ending::not_started, 0, 10), attempt(0, 2, Ending::exit, 4, 10),
                                      attempt(0, 3, Ending::finished, 4, 10)});
    CHECK(later.attempts == 2);
    CHECK(later.retried == 1);
    const Summary given_up =
        summary_of({attempt(0, 1, Ending::not_started, 0, 10), attempt(0, 2, Ending::not_started, 0, 10)});
    CHECK(given_up.attempts == 1);
    CHECK(given_up.retried == 0);
}

TEST_CASE("a failed attempt is wasted wholly") {
    const Summary summary =
        summary_of({attempt(0, 1, Ending::out_of_memory, 4, 10), attempt(0, 2, Ending::finished, 8, 10)});
    CHECK(summary.memory.reserved == doctest::Approx(12));
    CHECK(summary.memory.used == doctest::Approx(4));
    CHECK(summary.out_of_memory == 1);
    // The request of 10 would have been enough the first time.
    CHECK(summary.memory.requested == doctest::Approx(10));
}

TEST_CASE("an attempt that died with its whole request would have died under requests too") {
    const Summary summary =
        summary_of({attempt(0, 1, Ending::out_of_memory, 4, 4), attempt(0, 2, Ending::finished, 8, 4)});
    CHECK(summary.memory.requested == doctest::Approx(8));
}

TEST_CASE("a step without a request counts with what was reserved, and is named") {
    AttemptRecord bare = attempt(0, 1, Ending::finished, 4, 0);
    bare.request = {};
    const Summary summary = summary_of({bare});
    CHECK(summary.memory.requested == doctest::Approx(4));
    CHECK(summary.steps_without_request == std::set<std::string>{"step"});
}

TEST_CASE("an attempt that still runs is left out") {
    AttemptRecord open = attempt(0, 1, Ending::finished, 4, 10);
    open.outcome.reset();
    CHECK(summary_of({open}).attempts == 0);
}
