// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/view/ended_run.h"

#include <algorithm>

namespace plimsoll::view {
namespace {

void count(Counts& counts, TaskState state) {
    ++counts.tasks;
    counts.finished += state == TaskState::finished;
    counts.up_to_date += state == TaskState::up_to_date;
    counts.failed += state == TaskState::failed;
    counts.cancelled += state == TaskState::cancelled;
}

}  // namespace

RunView ended_run(const RunRecord& run, std::span<const TaskRecord> tasks) {
    RunView seen{.run = run.id,
                 .workflow = run.workflow,
                 .owner = run.owner,
                 .elapsed = run.ended ? *run.ended - run.started : Duration{},
                 .state = run.state,
                 .counts = {},
                 .used = {},
                 .reserved = {},
                 .machine = {},
                 .others = {},
                 .eta = {},
                 .waits = {},
                 .steps = {},
                 .running = {},
                 .happenings = {}};
    for (const TaskRecord& task : tasks) {
        auto step = std::ranges::find(seen.steps, task.kind.step, &StepLine::name);
        if (step == seen.steps.end()) step = seen.steps.insert(step, {task.kind.step, {}, {}, {}});
        count(step->counts, task.state);
        count(seen.counts, task.state);
        seen.retried += std::max(0, task.attempts - 1);
    }
    return seen;
}

}  // namespace plimsoll::view
