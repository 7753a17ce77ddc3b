// SPDX-License-Identifier: Apache-2.0
// For tests: instants and candidates in a word, and what a plan starts.
#pragma once

#include <vector>

#include "plimsoll/schedule/schedule.h"

namespace plimsoll::schedule {

using Tasks = std::vector<TaskId>;

inline Instant at(double second) { return Instant{from_seconds(second)}; }

inline Candidate task(TaskId id, double cpu, Duration runtime, double rank = 0) {
    return {.task = id, .amounts = {.cpu = {cpu}}, .runtime = runtime, .rank = rank};
}

inline Tasks started(const Plan& plan) {
    Tasks tasks;
    for (const Start& start : plan.starts) tasks.push_back(start.task);
    return tasks;
}

}  // namespace plimsoll::schedule
