// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/loop/retry.h"

#include <doctest/doctest.h>

using namespace plimsoll;
using namespace plimsoll::loop;
using namespace std::chrono_literals;

namespace {

Verdict judged(Ending ending, const Retry& retry, Tries& tries, Bytes limit = 1_GiB) {
    return judge({.outcome = {ending, 1, {}}, .limit = limit, .after = std::chrono::seconds(9)}, retry, tries, 16_GiB);
}

}  // namespace

TEST_CASE("each cause has its own count of retries") {
    const Retry retry{.on_out_of_memory = 1, .on_timeout = 1, .on_failure = 1};
    Tries tries;
    CHECK(judged(Ending::out_of_memory, retry, tries).try_again);
    CHECK(judged(Ending::timeout, retry, tries).try_again);
    CHECK(judged(Ending::exit, retry, tries).try_again);
    CHECK_FALSE(judged(Ending::out_of_memory, retry, tries).try_again);
    CHECK_FALSE(judged(Ending::timeout, retry, tries).try_again);
    CHECK_FALSE(judged(Ending::signal, retry, tries).try_again);
}

TEST_CASE("a plain failure is final unless the step says otherwise") {
    Tries tries;
    CHECK_FALSE(judged(Ending::exit, {}, tries).try_again);
    CHECK_FALSE(judged(Ending::missing_output, {}, tries).try_again);
    CHECK_FALSE(judged(Ending::not_started, {.on_failure = 9}, tries).try_again);
}

TEST_CASE("out of memory with all of the machine is final, and is remembered at its largest") {
    Tries tries;
    CHECK(judged(Ending::out_of_memory, {}, tries, 8_GiB).try_again);
    CHECK(tries.failed_memory == 8_GiB);
    CHECK(tries.failed_after == std::chrono::seconds(9));
    const Verdict last = judged(Ending::out_of_memory, {}, tries, 16_GiB);
    CHECK_FALSE(last.try_again);
    CHECK(last.reason == "out of memory at 16.0 GiB, all that this machine has to give");
}

TEST_CASE("an input that never comes to rest does not keep a run alive for ever") {
    Tries tries;
    int again = 0;
    while (again < 100 && judged(Ending::input_changed, {}, tries).try_again) ++again;
    CHECK(again == 3);
}

TEST_CASE("every timeout doubles the time of the next attempt, and only that") {
    Step step;
    step.timeout = 10s;
    CHECK(time_limit(step, {.timeouts = 0}) == 10s);
    CHECK(time_limit(step, {.timeouts = 2}) == 40s);
    CHECK_FALSE(time_limit(Step{}, {.timeouts = 2}));
}

TEST_CASE("a task that fails where it stood at its limit was out of memory; one that fails elsewhere was not") {
    const Outcome failed{Ending::exit, 1, {}};
    const Limits limits{.memory_notice = 40_MiB, .memory = 296_MiB};
    const auto used = [](Bytes need, Bytes mark) { return Profile{.memory_peak = need, .memory_high_water = mark}; };
    CHECK(failed_at_limit(failed, used(290_MiB, 296_MiB), limits));
    CHECK_FALSE(failed_at_limit({Ending::signal, 11, {}}, used(290_MiB, 296_MiB), limits));
    CHECK_FALSE(failed_at_limit(failed, used(290_MiB, 291_MiB), limits));  // it never came there
    CHECK_FALSE(failed_at_limit(failed, used(39_MiB, 296_MiB), limits));   // page cache did
    CHECK_FALSE(failed_at_limit(failed, used(7900_MiB, 8448_MiB), {.memory_notice = 8_GiB, .memory = 8448_MiB}));
    CHECK_FALSE(failed_at_limit(failed, used(64_MiB, 64_MiB), {.memory_notice = {}, .memory = 64_MiB}));  // no net
}

TEST_CASE("what a failure at the limit was is told with it") {
    Tries tries;
    const Outcome outcome{Ending::out_of_memory, 0, "exit code 1 where it stood at its limit"};
    CHECK(judge({.outcome = outcome, .limit = 296_MiB, .after = {}}, {}, tries, 16_GiB).reason ==
          "out of memory at 296 MiB: exit code 1 where it stood at its limit (retry 1 of 3)");
}

TEST_CASE("what was lost with its node is tried again without being counted as failed, and not for ever") {
    Tries tries;
    int again = 0;
    while (again < 100 && judged(Ending::lost, {}, tries).try_again) ++again;
    CHECK(again == 5);
    CHECK(tries.failures == 0);
}
