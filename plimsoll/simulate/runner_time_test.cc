// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/simulate/runner_time.h"

#include <doctest/doctest.h>

using namespace plimsoll;
using namespace plimsoll::simulate;
using namespace std::chrono_literals;

namespace {

WallTime at(Duration when) { return WallTime(when); }

AttemptRecord attempt(TaskId task, Duration started, Duration ended, std::optional<TaskId> after = {}) {
    AttemptRecord made;
    made.id = {.task = task, .number = 1};
    made.started = at(started);
    made.ended = at(ended);
    made.wait = WaitRecord{.time = {}, .after = after, .lack = {}};
    return made;
}

RunRecord run_until(Duration end) {
    RunRecord run;
    run.started = at(0ms);
    run.ended = at(end);
    return run;
}

}  // namespace

TEST_CASE("what the runner took is read off the gaps between ends and starts") {
    const std::vector<AttemptRecord> attempts{attempt(0, 20ms, 1s), attempt(1, 25ms, 2s), attempt(2, 1010ms, 3s, 0)};
    CHECK(runner_time(run_until(3040ms), attempts) ==
          RunnerTime{.before_first = 20ms, .per_end = 10ms, .per_start = 5ms, .after_last = 40ms});
}

// The records say that task 2 began 30 ms before task 1, for which it waited, had ended: clocks are read at different
// moments of a round. The end before that, 400 ms ago, has nothing to do with it.
TEST_CASE("a start is measured from the end that it waited for, not from the one before it in the records") {
    const std::vector<AttemptRecord> attempts{attempt(0, 0ms, 1600ms), attempt(1, 0ms, 2030ms),
                                              attempt(2, 2000ms, 3s, 1)};
    CHECK(runner_time(run_until(3s), attempts).per_end == 0ms);
}

TEST_CASE("an import tells nothing of a runner") {
    RunRecord run = run_until(3s);
    run.source = "trace.txt";
    CHECK(runner_time(run, std::vector<AttemptRecord>{attempt(0, 20ms, 1s)}) == RunnerTime{});
}
