// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/loop/summary.h"

#include <algorithm>
#include <map>

namespace plimsoll::loop {
namespace {

constexpr double gb = 1e9;

double hours(Duration span) { return seconds(span) / 3600; }

void count_task(Summary& summary, const TaskRecord& task) {
    switch (task.state) {
        case TaskState::finished: ++summary.tasks_finished; break;
        case TaskState::failed: ++summary.tasks_failed; break;
        case TaskState::up_to_date: ++summary.tasks_up_to_date; break;
        case TaskState::cancelled: ++summary.tasks_cancelled; break;
        default: break;
    }
}

void count_attempt(Summary& summary, const AttemptRecord& attempt) {
    const double held = hours(attempt.profile.runtime);
    const Ending ending = attempt.outcome->ending;
    summary.memory.reserved += attempt.shaping.reserved_byte_seconds / gb / 3600;
    summary.cpu.reserved += attempt.shaping.reserved_core_seconds / 3600;
    ++summary.attempts;
    summary.grown += static_cast<std::uint32_t>(attempt.shaping.grown);
    summary.frozen += static_cast<std::uint32_t>(attempt.shaping.frozen);
    summary.frozen_time += attempt.shaping.frozen_time;
    summary.preempted += ending == Ending::preempted;
    summary.out_of_memory += ending == Ending::out_of_memory;
    summary.timeouts += ending == Ending::timeout;
    if (ending != Ending::finished) return;
    summary.memory.used += attempt.profile.memory_byte_seconds / gb / 3600;
    summary.cpu.used += hours(attempt.profile.cpu);
    const double peak = static_cast<double>(attempt.profile.memory_peak.count);
    summary.memory_wasted_by_half_more += 1.5 * peak / gb * held - attempt.profile.memory_byte_seconds / gb / 3600;
}

/// What this attempt would have held under the workflow's own requests.
void count_request(Summary& summary, const AttemptRecord& attempt) {
    const double held = hours(attempt.profile.runtime);
    const Shaping& shaping = attempt.shaping;
    summary.memory.requested += attempt.request.memory ? static_cast<double>(attempt.request.memory->count) / gb * held
                                                       : shaping.reserved_byte_seconds / gb / 3600;
    summary.cpu.requested +=
        attempt.request.cpu ? attempt.request.cpu->count * held : shaping.reserved_core_seconds / 3600;
    if (!attempt.request.memory || !attempt.request.cpu) summary.steps_without_request.insert(attempt.kind.step);
}

/// Does the attempt's end say nothing about sizes, so that it would have come about under requests too?
bool happens_under_requests(const AttemptRecord& attempt, bool is_last) {
    if (is_last) return true;
    if (attempt.outcome->ending != Ending::out_of_memory) return true;
    return attempt.request.memory && attempt.reserved.memory >= *attempt.request.memory;
}

}  // namespace

Summary summarize(const RunRecord& run, std::span<const TaskRecord> tasks, std::span<const AttemptRecord> attempts) {
    Summary summary;
    for (const TaskRecord& task : tasks) count_task(summary, task);
    std::map<TaskId, int> last;
    for (const AttemptRecord& attempt : attempts)
        if (attempt.outcome) last[attempt.id.task] = std::max(last[attempt.id.task], attempt.id.number);
    for (const AttemptRecord& attempt : attempts) {
        if (!attempt.outcome) continue;
        const bool is_last = last[attempt.id.task] == attempt.id.number;
        // A start that the machine refused, tried again later, was no attempt of the task.
        if (attempt.outcome->ending == Ending::not_started && !is_last) continue;
        summary.retried += !is_last;
        count_attempt(summary, attempt);
        if (happens_under_requests(attempt, is_last)) count_request(summary, attempt);
    }
    if (run.ended) summary.makespan = *run.ended - run.started;
    return summary;
}

}  // namespace plimsoll::loop
