// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/loop/lineup.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <vector>

#include "plimsoll/base/probe.h"
#include "plimsoll/loop/decisions.h"

namespace plimsoll::loop {

using schedule::Standing;

schedule::Candidate Lineup::candidate(TaskId id, double rank) const {
    const Step& step = *books_.tasks[id].task.step;
    schedule::Candidate candidate{
        .task = id, .amounts = {}, .priority = step.priority, .rank = rank, .handed_in = books_.tasks[id].joined};
    if (!order_.goes_depth_first(id)) candidate.submission = order_.submission(id);
    candidate.deadline = deadlines_.due(id);
    return candidate;
}

void Lineup::push(TaskId id, const Queued& queued) {
    schedule::Candidate standing = candidate(id, place(id, queued));
    standing.amounts = queued.ask.amounts;
    standing.phases = queued.ask.phases;
    standing.runtime = queued.ask.runtime;
    if (deadlines_.is_due(id)) standing.latest_start = deadlines_.due(id) - queued.ask.runtime;
    books_.queue.push(standing, books_.queue.find(books_.tasks[id].task.step->queue));
    books_.replan = true;
}

void Lineup::choose_pilots() {
    if (!pilots_.take_change()) return;
    std::map<TaskKind, std::vector<schedule::Untried>> untried;
    for (const auto& [id, queued] : books_.asks)
        if (queued.ask.forecast.is_untried)
            untried[books_.tasks[id].task.step->kind].push_back(
                {.task = id,
                 .input_bytes = static_cast<double>(queued.features.input_bytes.count),
                 .has_begun = books_.tasks[id].tries.attempts > 0});
    const Resources machine = books_.shared_capacity();
    for (auto& [kind, waiting] : untried) {
        std::ranges::sort(waiting, {}, &schedule::Untried::task);
        const Resources& ask = books_.asks.at(waiting.front().task).ask.amounts;
        const std::vector<Standing> standings = pilots_.standings(kind, waiting, dominant_share(ask, machine));
        for (std::size_t at = 0; at < waiting.size(); ++at) stand(waiting[at].task, standings[at]);
    }
}

void Lineup::stand(TaskId id, Standing standing) {
    Queued& queued = books_.asks.at(id);
    if (queued.standing == standing) return;
    queued.standing = standing;
    push(id, queued);
    if (standing != Standing::held_back) return;
    PLIM_PROBE("loop: a task stands behind the pilots of its step");
    books_.journal.record(
        decision("pilot", "order", {}, "behind others",
                 fmt::format("nothing is known of {} yet: a few of it go first and show what it needs; where nothing "
                             "else takes the room it starts all the same",
                             books_.tasks[id].task.step->name)),
        id, books_.tasks[id].tries.attempts + 1);
}

/// A pilot goes before all that it was handed in with. One that is held back counts as
/// though it were done: only what comes after it presses.
double Lineup::place(TaskId id, const Queued& queued) const {
    switch (queued.standing) {
        case Standing::usual: break;
        case Standing::pilot: return order_.rank_before(id);
        case Standing::held_back: {
            const double own_s = queued.ask.forecast.runtime.p50;
            return order_.rank(id) - (own_s > 0 ? own_s : 1);
        }
    }
    return order_.rank(id);
}

void Lineup::note_start(TaskId id, const Queued& queued) {
    const Step& step = *books_.tasks[id].task.step;
    if (queued.ask.forecast.is_untried) pilots_.begun(step.kind);
    if (queued.standing != Standing::pilot) return;
    books_.journal.record(
        decision("pilot", "order", {}, "first",
                 fmt::format("nothing is known of {} yet: what this one uses sizes the others", step.name)),
        id, books_.tasks[id].tries.attempts);
}

}  // namespace plimsoll::loop
