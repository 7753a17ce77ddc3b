// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/simulate/schedule_drawing.h"

#include <fmt/format.h>

#include <algorithm>

namespace plimsoll::simulate {
namespace {

constexpr int columns = 40;

std::string bar(const AttemptRecord& attempt, Duration makespan) {
    const double column = std::max(seconds(makespan), 1e-9) / columns;
    const auto at = [&](WallTime when) { return static_cast<int>(seconds(when.time_since_epoch()) / column + 1e-6); };
    const int from = std::min(at(attempt.started), columns - 1);
    const int until = std::clamp(at(*attempt.ended), from + 1, columns);
    std::string line(columns, '.');
    const char mark = attempt.outcome->ending == Ending::finished ? '#' : 'x';
    std::fill(line.begin() + from, line.begin() + until, mark);
    return line;
}

std::string line_of(const AttemptRecord& attempt, Duration makespan, std::size_t widest) {
    std::string line =
        fmt::format("  {:<{}} |{}| {}", attempt.task_name, widest, bar(attempt, makespan), format(attempt.reserved));
    if (attempt.outcome->ending != Ending::finished) line += ", " + describe(*attempt.outcome);
    return line + "\n";
}

}  // namespace

std::string draw_schedule(const Played& played) {
    std::vector<const AttemptRecord*> attempts;
    std::size_t widest = 0;
    for (const AttemptRecord& attempt : played.attempts) {
        attempts.push_back(&attempt);
        widest = std::max(widest, attempt.task_name.size());
    }
    std::ranges::stable_sort(attempts, {},
                             [](const auto* attempt) { return std::pair(attempt->started, attempt->id); });
    std::string text = fmt::format("{} in {}\n", name_of(played.state), format(played.makespan));
    for (const AttemptRecord* attempt : attempts) text += line_of(*attempt, played.makespan, widest);
    for (const TaskRecord& task : played.tasks)
        if (task.state == TaskState::up_to_date || task.state == TaskState::cancelled)
            text += fmt::format("  {:<{}} {}: {}\n", task.name, widest, name_of(task.state), task.reason);
    for (const std::string& path : played.deleted) text += fmt::format("  deleted {}\n", path);
    return text;
}

}  // namespace plimsoll::simulate
