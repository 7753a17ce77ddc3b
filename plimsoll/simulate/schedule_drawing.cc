// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/simulate/schedule_drawing.h"

#include <fmt/format.h>

#include <algorithm>

namespace plimsoll::simulate {
namespace {

constexpr int columns = 40;

std::string bar(const Span& span, const AttemptRecord& attempt, Duration makespan) {
    const double column = std::max(seconds(makespan), 1e-9) / columns;
    const auto at = [&](Instant when) { return static_cast<int>(seconds(when.time_since_epoch()) / column + 1e-6); };
    // One that could not be started is placed by its wall time, which may have been set back to before the run.
    const int from = std::clamp(at(span.from), 0, columns - 1);
    const int until = std::clamp(at(span.until), from + 1, columns);
    std::string line(columns, '.');
    const char mark = attempt.outcome->ending == Ending::finished ? '#' : 'x';
    std::fill(line.begin() + from, line.begin() + until, mark);
    return line;
}

}  // namespace

std::string draw_schedule(const Played& played) {
    std::vector<std::size_t> order(played.attempts.size());
    std::size_t widest = 0;
    NodeId last_node = 0;
    for (std::size_t at = 0; at < order.size(); ++at) {
        order[at] = at;
        widest = std::max(widest, played.attempts[at].task_name.size());
        last_node = std::max(last_node, played.spans[at].node);
    }
    std::ranges::stable_sort(order, {},
                             [&](std::size_t at) { return std::pair(played.spans[at].from, played.attempts[at].id); });
    std::string text = fmt::format("{} in {}\n", name_of(played.state), format(played.makespan));
    for (const std::size_t at : order) {
        const AttemptRecord& attempt = played.attempts[at];
        text += fmt::format("  {:<{}} |{}| {}", attempt.task_name, widest,
                            bar(played.spans[at], attempt, played.makespan), format(attempt.reserved));
        if (last_node > 0) text += fmt::format(", node{}", played.spans[at].node);
        if (attempt.outcome->ending != Ending::finished) text += ", " + describe(*attempt.outcome);
        text += "\n";
    }
    for (const TaskRecord& task : played.tasks)
        if (task.state == TaskState::up_to_date || task.state == TaskState::cancelled)
            text += fmt::format("  {:<{}} {}: {}\n", task.name, widest, name_of(task.state), task.reason);
    for (const std::string& path : played.deleted) text += fmt::format("  deleted {}\n", path);
    return text;
}

}  // namespace plimsoll::simulate
