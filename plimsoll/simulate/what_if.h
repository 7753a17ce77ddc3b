// SPDX-License-Identifier: Apache-2.0
// What a recorded run would have taken otherwise: with other sizes, another policy, another machine, or its user's own
// requests. The loop of live runs plays it again on a machine that is not there.
//
// That tasks would take just as long and as much again is not known; how much they vary is in the records: each is
// drawn anew from the attempts of its kind with the nearest inputs (a bootstrap among neighbours, Efron 1979), its own
// among them, so that a figure has an interval.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "plimsoll/base/result.h"
#include "plimsoll/model/forecast.h"
#include "plimsoll/simulate/recorded_work.h"

namespace plimsoll::simulate {

struct Alternative {
    std::string policy = "critical-path";  ///< of schedule::policies()
    bool by_requests = false;  ///< each task holds what its author asked for, and dies at that; else sizes are learnt
    double risk = 1;
    Resources capacity;  ///< of each node
    int nodes = 1;
};

/// What came of one draw.
struct Course {
    double makespan_s = 0;
    double reserved_gbh = 0, wasted_gbh = 0;  ///< memory, GB x h with GB = 1e9
    double reserved_ch = 0, wasted_ch = 0;    ///< cores x h
    double failed_attempts = 0, failed_tasks = 0;
    bool operator==(const Course&) const = default;
};
/// Of runs one after another.
Course& operator+=(Course& sum, const Course& more);

/// Figure by figure: the middle of all draws, and where nine of ten lie.
struct CourseEstimate {
    Course low, median, high;
};
CourseEstimate estimate_of(std::span<const Course> courses);

struct Draws {
    int count = 20;
    std::uint64_t seed = 1;
};

/// When each task first started; nothing of one that did not.
using Starts = std::vector<std::optional<Instant>>;

/// A course for each draw. `before`: what was known when the run began; learnt from unless sizes are requests. With one
/// draw each task does what it did. `last_starts`: of the last draw. Errors: a policy that is not there, a run that
/// does not end.
Result<std::vector<Course>> what_if(const RecordedWork& work, const Alternative& how,
                                    std::span<const Observation> before, const Draws& draws,
                                    Starts* last_starts = nullptr);

}  // namespace plimsoll::simulate
