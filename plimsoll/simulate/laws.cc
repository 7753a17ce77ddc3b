// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/simulate/laws.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace plimsoll::simulate {
namespace {

constexpr std::size_t told_at_most = 5;
// After a refused start the loop pauses for up to half a minute; nothing else makes it wait so long while nothing runs.
constexpr Duration standing_at_most = std::chrono::minutes(2);

bool has_temporary(const Task& task) { return std::ranges::any_of(task.outputs, &OutputFile::temporary); }

}  // namespace

Laws::Laws(const Drawing& drawing, SimulatedRun& run, std::set<std::string> done_before)
    : drawing_(drawing), run_(run), done_before_(std::move(done_before)), known_(drawing.tasks.size()) {}

void Laws::broke(std::string what) {
    if (broken_.size() < told_at_most)
        broken_.push_back(fmt::format("t={}: {}", format(run_.clock().now().time_since_epoch()), what));
}

void Laws::after_tick(const std::vector<loop::Event>& told) {
    read_store();
    for (const loop::Event& event : told) hear(event);
    nothing_overfull();
    nothing_deleted_early();
    nothing_stands_still();
}

void Laws::read_store() {
    const auto& entries = run_.store().entries();
    for (; read_ < entries.size(); ++read_) {
        if (const auto* ended = std::get_if<history::AttemptEnded>(&entries[read_]))
            known_[ended->attempt.id.task].last_entry = read_ + 1;
        if (const auto* changed = std::get_if<history::TaskChanged>(&entries[read_]))
            known_[changed->task.id].last_entry = read_ + 1;
    }
}

void Laws::hear(const loop::Event& event) {
    if (ended_) broke("something is told after the run's end");
    ended_ |= event.kind == loop::EventKind::run_finished;
    if (!event.task) return;
    hear_held(event);
    const Task& task = drawing_.tasks[*event.task];
    Known& known = known_[*event.task];
    const auto comes_to = [&](Stage stage, bool legal) {
        if (!legal) broke(fmt::format("{}: {} out of turn", task.name, name_of(event.kind)));
        if (known.last_entry > run_.durable_through() && stage != Stage::runs && stage != Stage::open)
            broke(fmt::format("{}: {} was told before it was durable", task.name, name_of(event.kind)));
        known.stage = stage;
    };
    const bool may_run = known.stage == Stage::open || (known.stage == Stage::done && has_temporary(task));
    switch (event.kind) {
        case loop::EventKind::task_started:
            comes_to(Stage::runs, may_run);
            if (done_before_.contains(task.name) && !has_temporary(task))
                broke(task.name + " was done before Plimsoll was killed, and runs again");
            for (const TaskId need : task.needs)
                if (known_[need].stage != Stage::done)
                    broke(fmt::format("{} started before {} was done", task.name, drawing_.tasks[need].name));
            break;
        case loop::EventKind::task_retried:  // also of what was refused a start
            comes_to(Stage::open, may_run || known.stage == Stage::runs);
            break;
        case loop::EventKind::task_finished: comes_to(Stage::done, known.stage == Stage::runs); break;
        case loop::EventKind::task_up_to_date: comes_to(Stage::done, known.stage == Stage::open); break;
        case loop::EventKind::task_failed:  // also of what could not start
        case loop::EventKind::task_cancelled: comes_to(Stage::given_up, may_run || known.stage == Stage::runs); break;
        default: break;
    }
}

/// What the tasks on a node hold, as told, never exceeds what the node has. What stands still for others holds no
/// cores.
void Laws::hear_held(const loop::Event& event) {
    switch (event.kind) {
        case loop::EventKind::task_started:
        case loop::EventKind::task_grown:
        case loop::EventKind::task_shrunk:
        case loop::EventKind::task_shaped:
        case loop::EventKind::task_frozen:
        case loop::EventKind::task_resumed:
            held_[*event.task] = {node_of({*event.task, event.attempt}), event.reserved};
            break;
        default: held_.erase(*event.task); return;
    }
    const Node node = run_.engine().nodes()[held_[*event.task].node];
    Resources all;
    for (const auto& [task, held] : held_)
        if (held.node == node.id) all += held.amounts;
    if (!fits(all, node.capacity))
        broke(fmt::format("the tasks on {} hold {} of {}", node.name, format(all), format(node.capacity)));
}

/// Where it runs, or ran: it may have ended before it is told of.
NodeId Laws::node_of(AttemptId attempt) {
    const auto& stretches = run_.engine().stretches();
    for (; stretches_seen_ < stretches.size(); ++stretches_seen_)
        ran_on_[stretches[stretches_seen_].attempt] = stretches[stretches_seen_].node;
    if (const auto ended = ran_on_.find(attempt); ended != ran_on_.end()) return ended->second;
    const auto running = run_.engine().running_since(attempt);
    return running ? running->node : 0;
}

void Laws::nothing_overfull() {
    if (run_.engine().nodes().size() == 1 && run_.machine().took_too_much())
        broke("the run took more than others had left");
    if (run_.engine().most_of_a_gpu() > 1 + 1e-9) broke("a GPU was given to more than it has");
}

void Laws::nothing_deleted_early() {
    const auto& deleted = run_.workspace().deleted();
    for (; deletions_seen_ < deleted.size(); ++deletions_seen_) {
        const std::string& path = deleted[deletions_seen_];
        for (const Task& task : drawing_.tasks) {
            if (std::ranges::find(task.inputs, path) == task.inputs.end()) continue;
            const Known& reader = known_[task.id];
            if (reader.last_entry == 0) continue;  // has not joined
            if (reader.stage != Stage::done) broke(fmt::format("{} was deleted before {} was done", path, task.name));
            if (reader.last_entry > run_.durable_through())
                broke(fmt::format("{} was deleted before {} was durable", path, task.name));
        }
    }
}

/// Nobody starves: where there is work, and nobody is in its way, something runs.
void Laws::nothing_stands_still() {
    if (run_.engine().running() > 0 || run_.loop().done()) return stands_since_.reset();
    const Instant now = run_.clock().now();
    if (!stands_since_) stands_since_ = now;
    const Instant since = std::max(*stands_since_, calm_from_);
    if (now > since && now - since > standing_at_most) broke("there is work, nothing is in its way, and nothing runs");
}

void Laws::at_the_end(TaskId joined) {
    if (!ended_) broke("the run's end was not told");
    for (TaskId id = 0; id < joined && id < run_.loop().tasks().size(); ++id)
        if (known_[id].stage != Stage::done && known_[id].stage != Stage::given_up)
            broke(fmt::format("{} did not come to an end", drawing_.tasks[id].name));
    if (run_.engine().running() > 0 || !run_.loop().running().empty()) broke("something still runs");
    for (const Resources& left : run_.engine().reserved())
        if (!fits(left, {})) broke("what was reserved was not given back: " + format(left));
    if (run_.durable_through() < run_.store().entries().size()) broke("not all is durable");
}

}  // namespace plimsoll::simulate
