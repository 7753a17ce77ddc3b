// SPDX-License-Identifier: Apache-2.0
// Of many tasks of a step that nothing is known of, a few go first (schedule/pilots.h).
#include <fmt/format.h>

#include <algorithm>

#include "plimsoll/base/probe.h"
#include "plimsoll/loop/decisions.h"
#include "plimsoll/loop/loop.h"

namespace plimsoll::loop {

using schedule::Standing;

void Loop::choose_pilots() {
    if (!pilots_.take_change()) return;
    std::map<TaskKind, std::vector<schedule::Untried>> untried;
    for (const auto& [id, queued] : asks_)
        if (queued.ask.forecast.is_untried)
            untried[tasks_[id].task.step->kind].push_back(
                {.task = id,
                 .input_bytes = static_cast<double>(queued.features.input_bytes.count),
                 .has_begun = tasks_[id].tries.attempts > 0});
    const Resources machine = shared_capacity();
    for (auto& [kind, waiting] : untried) {
        std::ranges::sort(waiting, {}, &schedule::Untried::task);
        const Resources& ask = asks_.at(waiting.front().task).ask.amounts;
        const std::vector<Standing> standings = pilots_.standings(kind, waiting, dominant_share(ask, machine));
        for (std::size_t at = 0; at < waiting.size(); ++at) stand(waiting[at].task, standings[at]);
    }
}

void Loop::stand(TaskId id, Standing standing) {
    Queued& queued = asks_.at(id);
    if (queued.standing == standing) return;
    queued.standing = standing;
    push(id, queued);
    if (standing != Standing::held_back) return;
    PLIM_PROBE("loop: a task stands behind the pilots of its step");
    record(
        decision("pilot", "order", {}, "behind others",
                 fmt::format("nothing is known of {} yet: a few of it go first and show what it needs; where nothing "
                             "else takes the room it starts all the same",
                             tasks_[id].task.step->name)),
        id, tasks_[id].tries.attempts + 1);
}

/// The rank by which it is queued. A pilot goes before all that it was handed in with. One that is held back counts as
/// though it were done: only what comes after it presses.
double Loop::place_of(TaskId id, const Queued& queued) const {
    switch (queued.standing) {
        case Standing::usual: break;
        case Standing::pilot: {
            const double planned = planned_.empty() ? 0 : std::ranges::max(planned_);
            const double longest = submissions_.at(tasks_[id].task.submission).path_s;
            return 1 + std::max({rank_of(id), longest, planned});
        }
        case Standing::held_back: {
            const double own_s = queued.ask.forecast.runtime.p50;
            return rank_of(id) - (own_s > 0 ? own_s : 1);
        }
    }
    return rank_of(id);
}

/// It starts.
void Loop::note_pilot(TaskId id, const Queued& queued) {
    const Step& step = *tasks_[id].task.step;
    if (queued.ask.forecast.is_untried) pilots_.begun(step.kind);
    if (queued.standing != Standing::pilot) return;
    record(decision("pilot", "order", {}, "first",
                    fmt::format("nothing is known of {} yet: what this one uses sizes the others", step.name)),
           id, tasks_[id].tries.attempts);
}

}  // namespace plimsoll::loop
