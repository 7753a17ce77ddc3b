// SPDX-License-Identifier: Apache-2.0
// A task that may be split, at the moment that it could start: into how many parts, and what then happens to it.
#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <utility>

#include "plimsoll/base/probe.h"
#include "plimsoll/loop/decisions.h"
#include "plimsoll/loop/loop.h"
#include "plimsoll/model/split.h"
#include "plimsoll/schedule/granularity.h"

namespace plimsoll::loop {

/// What is known of the task and of parts of it: from past runs of the step, whole or in parts.
schedule::Divisible Loop::divisible(TaskId id, const workflow::Freshness& fresh) const {
    const TaskTable::Entry& entry = tasks_[id];
    const Step& step = *entry.task.step;
    const SizingTerms terms = sizing_terms(step);
    const Features whole = fresh.features;
    const Bytes apart = whole.input_bytes - fresh.divisible;  // every part reads that
    schedule::Divisible task{
        .whole_s = {},
        .start_up_s = {},
        .spread = 0,
        .join_s = forecast_of(entry.task.split->joining).runtime.p50,
        .needs =
            [this, &entry, terms, whole, apart, cut = fresh.divisible](double share) {
                Features part = whole;
                part.input_bytes = apart + Bytes{static_cast<std::int64_t>(share * static_cast<double>(cut.count))};
                return size_task(entry, part, edges_.forecaster, terms).amounts;
            },
        .room = terms.machine,
        .parts = entry.task.split->rule.parts};
    if (const auto line = edges_.forecaster.runtime_line(step.kind, options_.machine)) {
        task.whole_s = line->at(static_cast<double>(whole.input_bytes.count));
        if (line->start_up_s) task.start_up_s = line->at(static_cast<double>(apart.count));
        task.spread = line->spread;
    } else if (const double runtime = forecast_of(step).runtime.p50; runtime > 0) {
        task.whole_s = runtime;
    }
    return task;
}

/// True: it is done in parts, and waits for them.
bool Loop::split(TaskId id, const workflow::Freshness& fresh) {
    const TaskTable::Entry& entry = tasks_[id];
    const schedule::Granularity chosen = schedule::granularity(divisible(id, fresh));
    auto divided = edges_.workspace.divide(entry.task, chosen.shares);
    if (!divided) {
        note(fmt::format("{} is not split: {}", entry.task.name, divided.error().message));
        return false;
    }
    const std::size_t parts = divided->parts.size();
    std::string reason = chosen.reason;
    if (divided->is_resumed) reason = "as the run before cut it, which did not come to its end";
    else if (parts > 0 && parts < chosen.shares.size()) reason = "there are no more records than that";
    else if (parts == 0 && chosen.shares.size() > 1) reason = "there is but one record";
    record(decision("split", "parts", "1", fmt::format("{}", std::max<std::size_t>(parts, 1)), std::move(reason)), id,
           entry.tries.attempts + 1);
    if (parts == 0) return false;
    PLIM_PROBE("loop: a task was split");
    if (divided->is_resumed) PLIM_PROBE("loop: a split of an interrupted run goes on");
    join_parts(id, std::move(divided->parts));
    return true;
}

void Loop::join_parts(TaskId whole, std::vector<Task> parts) {
    const Instant now = edges_.clock.now();
    TaskId next = tasks_.size();
    for (Task& part : parts) part.id = next++;
    const double share = 1.0 / static_cast<double>(parts.size());
    const double part_s = typical_runtime(*tasks_[whole].task.step) * share;
    Task& joining = tasks_.at(whole).task;
    joining.step = &joining.split->joining;
    joining.command = joining.split->join;
    path_.set_runtime(whole, typical_runtime(*joining.step));
    path_.refresh();
    const std::vector<TaskId> ready = tasks_.join_parts(whole, std::move(parts));
    for (const TaskId part : ready) {
        // What hangs on a part stands before it in the order of ids, so it is counted to its runtime.
        path_.join(part, {}, part_s + rank_of(whole));
        if (any_depth_first_) depth_.join(part, std::span(&whole, 1), {});
        tasks_.at(part).joined = tasks_[whole].joined;
        record_task(part);
        note_ready(part, {}, now);
    }
    path_.refresh();
    depth_.refresh();
    note_due(has_due_ ? 0 : ready.front());
    for (const TaskId part : ready) unexamined_.insert({-rank_of(part), part});
    record_task(whole);
}

}  // namespace plimsoll::loop
