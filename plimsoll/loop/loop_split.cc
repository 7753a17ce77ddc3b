// SPDX-License-Identifier: Apache-2.0
// A task that may be split, at the moment that it could start: into how many parts, and what then happens to it.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "plimsoll/base/probe.h"
#include "plimsoll/loop/decisions.h"
#include "plimsoll/loop/loop.h"
#include "plimsoll/model/split.h"
#include "plimsoll/schedule/granularity.h"

namespace plimsoll::loop {

/// True: it is done in parts, and waits for them.
bool Loop::split(TaskId id, const workflow::Freshness& fresh) {
    const TaskTable::Entry& entry = books_.tasks[id];
    const schedule::Granularity chosen = schedule::granularity(sizing_.divisible(id, fresh));
    auto divided = books_.edges.workspace.divide(entry.task, chosen.shares);
    if (!divided) {
        books_.journal.note(fmt::format("{} is not split: {}", entry.task.name, divided.error().message));
        return false;
    }
    const std::size_t parts = divided->parts.size();
    std::string reason = chosen.reason;
    if (divided->is_resumed) reason = "as the run before cut it, which did not come to its end";
    else if (parts > 0 && parts < chosen.shares.size()) reason = "there are no more records than that";
    else if (parts == 0 && chosen.shares.size() > 1) reason = "there is but one record";
    books_.journal.record(
        decision("split", "parts", "1", fmt::format("{}", std::max<std::size_t>(parts, 1)), std::move(reason)), id,
        entry.tries.attempts + 1);
    if (parts == 0) return false;
    PLIM_PROBE("loop: a task was split");
    if (divided->is_resumed) PLIM_PROBE("loop: a split of an interrupted run goes on");
    join_parts(id, std::move(divided->parts));
    return true;
}

void Loop::join_parts(TaskId whole, std::vector<Task> parts) {
    const Instant now = books_.edges.clock.now();
    TaskId next = books_.tasks.size();
    for (Task& part : parts) part.id = next++;
    const double share = 1.0 / static_cast<double>(parts.size());
    const double part_s = sizing_.typical_runtime(*books_.tasks[whole].task.step) * share;
    Task& joining = books_.tasks.at(whole).task;
    joining.step = &joining.split->joining;
    joining.command = joining.split->join;
    const std::vector<TaskId> ready = books_.tasks.join_parts(whole, std::move(parts));
    order_.join_parts(whole, ready, part_s);
    for (const TaskId part : ready) {
        books_.tasks.at(part).joined = books_.tasks[whole].joined;
        books_.record_task(part);
        note_ready(part, {}, now);
    }
    deadlines_.note(deadlines_.any() ? 0 : ready.front());
    for (const TaskId part : ready) look_later(part);
    books_.record_task(whole);
}

}  // namespace plimsoll::loop
