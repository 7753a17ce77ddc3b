// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/report/failures.h"

#include <string_view>
#include <unordered_map>

namespace plimsoll::report {
namespace {

constexpr std::size_t failures_shown = 50;

/// Of a task that was given up because another failed: "needs align[s1], which failed".
std::string_view culprit_of(const TaskRecord& task) {
    constexpr std::string_view opening = "needs ", ending = ", which failed";
    std::string_view reason = task.reason;
    if (task.state != TaskState::cancelled || !reason.starts_with(opening) || !reason.ends_with(ending)) return {};
    reason.remove_prefix(opening.size());
    reason.remove_suffix(ending.size());
    return reason;
}

Failure failure_of(const TaskRecord& task, const AttemptRecord* last, const ReadTail& read_tail) {
    Failure failure{.task = task.name, .step = task.kind.step, .reason = task.reason, .attempts = task.attempts};
    if (!last || !last->outcome) return failure;
    failure.outcome = describe(*last->outcome);
    failure.command = last->command;
    failure.log = last->log;
    if (!last->log.empty()) failure.tail = read_tail(*last);
    return failure;
}

}  // namespace

void add_failures(RunReport& report, const ReadTail& read_tail) {
    std::unordered_map<TaskId, const AttemptRecord*> last;
    for (const AttemptRecord& attempt : report.attempts) last[attempt.id.task] = &attempt;
    std::unordered_map<std::string_view, std::size_t> places;
    for (const TaskRecord& task : report.tasks) {
        if (task.state != TaskState::failed) continue;
        if (report.failures.size() == failures_shown) {
            ++report.failures_left_out;
            continue;
        }
        places.emplace(task.name, report.failures.size());
        const auto attempt = last.find(task.id);
        report.failures.push_back(failure_of(task, attempt == last.end() ? nullptr : attempt->second, read_tail));
    }
    for (const TaskRecord& task : report.tasks)
        if (const auto place = places.find(culprit_of(task)); place != places.end())
            report.failures[place->second].cancelled.push_back(task.name);
}

}  // namespace plimsoll::report
