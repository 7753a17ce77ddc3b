// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/simulate/reclaim_laws.h"

#include <fmt/format.h>

#include <algorithm>

#include "plimsoll/simulate/scenario_truth.h"
#include "plimsoll/simulate/share_laws.h"

namespace plimsoll::simulate {
namespace {

using namespace std::chrono_literals;

constexpr double share_rounding = 1e-9;
// Nobody is stopped before he ran so long (schedule/preemption.h), nor ended more often (preemptor.cc).
constexpr Duration quantum = 5s;
constexpr int ended_at_most = 3;
// To look again, and to end one after another what others wait for, each within the grace of a preemption.
constexpr Duration takes_at_most = 10s;

/// And while their work is saved, one after another, everybody waits.
Duration saving_at_most(const Scenario& scenario) {
    Duration all{};
    for (const Task& task : scenario.workflow.tasks)
        if (task.step->checkpoint) all += task.step->checkpoint->within * ended_at_most;
    return all;
}

}  // namespace

bool has_plain_reclaim(const Scenario& scenario) {
    return has_plain_tasks(scenario) && scenario.queues.front().discipline == Discipline::fair &&
           std::ranges::all_of(scenario.queues, [](const QueueSpec& queue) {
               return queue.parent <= 0 && queue.reclaim_after && queue.guaranteed == QueueAmounts{} &&
                      queue.most == QueueAmounts{} && queue.max_running == 0;
           });
}

ReclaimLaws::ReclaimLaws(const Scenario& scenario, std::function<void(std::string)> broke)
    : scenario_(scenario), broke_(std::move(broke)) {
    const std::vector<Instant> arrivals = arrivals_of(scenario);
    for (const Task& task : scenario.workflow.tasks)
        tasks_.push_back(
            {.queue = find_queue(scenario.queues, task.step->queue).value(), .arrives = arrivals[task.id]});
    Resources all;
    for (const Node& node : scenario.nodes) all += node.capacity;
    const Request& request = scenario.workflow.steps.front().request;
    task_share_ = dominant_share({.cpu = *request.cpu, .memory = *request.memory}, all);
}

void ReclaimLaws::hear(const std::vector<loop::Event>& told, Instant now) {
    using State = OfTask::State;
    for (const loop::Event& event : told) {
        if (!event.task) continue;
        OfTask& task = tasks_[*event.task];
        const Instant when(event.time.time_since_epoch());
        switch (event.kind) {
            case loop::EventKind::task_started:
            case loop::EventKind::task_resumed:
                task.state = State::runs;
                task.since = when;
                break;
            case loop::EventKind::task_frozen: task.state = State::stands; break;
            case loop::EventKind::task_retried:
                task.state = State::waits;
                ++task.ended_for_others;
                break;
            case loop::EventKind::task_finished:
            case loop::EventKind::task_failed:
            case loop::EventKind::task_cancelled: task.state = State::done; break;
            default: break;
        }
    }
    nobody_waits_too_long(now);
}

std::map<std::size_t, ReclaimLaws::OfQueue> ReclaimLaws::count(Instant now) const {
    std::map<std::size_t, OfQueue> queues;
    for (const OfTask& task : tasks_) {
        if (task.state == OfTask::State::done || task.arrives > now) continue;
        OfQueue& queue = queues[task.queue];
        queue.waiting += task.state == OfTask::State::waits;
        queue.standing += task.state == OfTask::State::stands;
        if (task.state != OfTask::State::runs) continue;
        ++queue.running;
        queue.given += now - task.since >= quantum && task.ended_for_others < ended_at_most;
    }
    return queues;
}

void ReclaimLaws::nobody_waits_too_long(Instant now) {
    const std::map<std::size_t, OfQueue> queues = count(now);
    double weights = 0;
    for (const auto& [id, queue] : queues) weights += scenario_.queues[id].weight;
    const auto due = [&](std::size_t id) { return scenario_.queues[id].weight / weights; };
    const bool some_give = std::ranges::any_of(queues, [&](const auto& each) {
        return each.second.given > 0 && task_share_ * (each.second.running - 1) >= due(each.first) - share_rounding;
    });
    for (std::size_t id = 0; id < scenario_.queues.size(); ++id) {
        const auto found = queues.find(id);
        // What stands still for others holds its memory.
        const bool lacks = found != queues.end() && found->second.waiting > 0 &&
                           task_share_ * (found->second.running + found->second.standing) < due(id) - share_rounding;
        if (!lacks || !some_give) {
            waits_since_.erase(id);
            continue;
        }
        const Instant since = waits_since_.try_emplace(id, now).first->second;
        if (now - since <= *scenario_.queues[id].reclaim_after + takes_at_most + saving_at_most(scenario_)) continue;
        broke_(fmt::format("queue '{}' has waited below its share since {}, and another holds more than its own",
                           scenario_.queues[id].path, format(since.time_since_epoch())));
    }
}

}  // namespace plimsoll::simulate
