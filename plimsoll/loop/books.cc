// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/loop/books.h"

#include <algorithm>
#include <utility>

namespace plimsoll::loop {
namespace {

std::vector<schedule::DeviceNode> idle_devices_of(const std::vector<Node>& nodes) {
    std::vector<schedule::DeviceNode> devices;
    if (std::ranges::none_of(nodes, [](const Node& node) { return node.capacity.gpu > 0; })) return devices;
    for (const Node& node : nodes) devices.push_back(schedule::idle_devices(static_cast<int>(node.capacity.gpu)));
    return devices;
}

}  // namespace

Books::Books(Options told, Edges world)
    : options(std::move(told)),
      edges(world),
      journal(world.store, world.clock),
      nodes(world.engine.nodes()),
      pool(nodes),
      devices(idle_devices_of(nodes)),
      queue(options.queues),
      run_start(world.clock.now()) {}

Resources Books::shared_capacity() const {
    if (is_one_machine()) return edges.capacity.total();
    Resources all;
    for (const Calendar& node : pool.calendars()) all += node.capacity();
    return all;
}

Bytes Books::free_memory(NodeId node, Instant now) const {
    return std::max(Bytes{}, pool.calendars()[node].free_at(now).memory);
}

std::vector<Resources> Books::free_at(Instant now) const {
    std::vector<Resources> free;
    for (const Calendar& node : pool.calendars()) free.push_back(node.free_at(now));
    return free;
}

schedule::DeviceNode Books::free_devices(NodeId node) const {
    schedule::DeviceNode free = devices[node];
    if (!is_one_machine()) return free;
    const std::vector<int>& others = edges.capacity.others().devices;
    for (std::size_t at = 0; at < std::min(others.size(), free.devices.size()); ++at) free.devices[at] -= others[at];
    return free;
}

std::vector<int> Books::held_devices() const {
    std::vector<int> held;
    if (!is_one_machine() || devices.empty()) return held;
    for (const int free : devices.front().devices) held.push_back(schedule::whole_device - free);
    return held;
}

Event Books::event(EventKind kind, TaskId id) const {
    const TaskTable::Entry& entry = tasks[id];
    Event made;
    made.kind = kind;
    made.task = id;
    made.step = entry.task.step->name;
    made.task_name = entry.task.name;
    made.attempt = entry.tries.attempts;
    made.reason = entry.reason;
    return made;
}

Event Books::shaped_event(EventKind kind, const RunningAttempt& attempt, std::string reason) const {
    Event made = event(kind, attempt.record.id.task);
    made.reserved = attempt.held;
    made.runtime = attempt.record.reserved_time;
    made.reason = std::move(reason);
    return made;
}

void Books::record_task(TaskId id) {
    const TaskTable::Entry& entry = tasks[id];
    const Step& step = *entry.task.step;
    journal.append(history::TaskChanged{TaskRecord{.id = id,
                                                   .name = entry.task.name,
                                                   .kind = step.kind,
                                                   .state = entry.state,
                                                   .request = step.request,
                                                   .attempts = entry.tries.attempts,
                                                   .reason = entry.reason,
                                                   .queue = queue.spec(queue.find(step.queue)).path}});
}

}  // namespace plimsoll::loop
