// SPDX-License-Identifier: Apache-2.0
// A run as its report shows it: plain values, made once from what the history holds. The totals are those of
// `show`: loop::summarize, of the whole run and of each step's attempts.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "plimsoll/loop/summary.h"
#include "plimsoll/profile/step_profile.h"
#include "plimsoll/report/attempt_times.h"
#include "plimsoll/report/recorded.h"
#include "plimsoll/report/series.h"
#include "plimsoll/report/slowest_path.h"
#include "plimsoll/report/waits.h"

namespace plimsoll::report {

/// What was asked for, held and used at the same moments.
struct OverTime {
    Series requested, reserved, used;
};

/// What a task did over its own time, beside what it was expected to do.
struct Sample {
    std::size_t attempt = 0;        ///< its place among the attempts
    std::vector<Segment> segments;  ///< few enough to draw
};

struct StepReport {
    std::string step;
    Request request;  ///< of its first task
    loop::AmountTime memory, cpu;
    OverTime over_time;
    std::string known;                    ///< when the run began, in words; "": nothing
    std::optional<std::size_t> forecast;  ///< the attempt that started last: what is shown as the step's forecast
    std::vector<Sample> samples;          ///< of attempts that finished, the one with the largest peak among them
};

struct Failure {
    std::string task, step, reason, outcome, command, log, tail;
    int attempts = 0;
    std::vector<std::string> cancelled;  ///< tasks that needed it, by name
};

/// What was decided of the whole run while nothing could start.
struct Standstill {
    Duration at{};
    std::string reason;
};

struct RunReport {
    RunRecord run;
    Duration length{};  ///< to its end, or to when it was asked for
    loop::Summary summary;
    std::vector<profile::StepProfile> profiles;  ///< as `show` tells them
    std::vector<StepReport> steps;               ///< in the same order
    OverTime over_time;
    std::vector<TaskRecord> tasks;
    std::vector<AttemptRecord> attempts;
    std::vector<AttemptTimes> times;  ///< of the attempts
    std::vector<Leg> path;
    std::vector<Waits> waits_by_step;
    std::vector<Waits> waits_by_queue;  ///< empty where all tasks were of one queue
    std::vector<Failure> failures;
    std::size_t failures_left_out = 0;
    std::vector<Standstill> standstills;
};

RunReport make_report(Recorded recorded, const ReadTail& read_tail);

}  // namespace plimsoll::report
