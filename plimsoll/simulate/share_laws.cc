// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/simulate/share_laws.h"

#include <fmt/format.h>

#include <algorithm>

#include "plimsoll/simulate/promised_deadlines.h"
#include "plimsoll/simulate/scenario_truth.h"

namespace plimsoll::simulate {
namespace {

constexpr double rounding = 1e-9;

std::size_t queue_of(const Scenario& scenario, const Step& step) {
    return find_queue(scenario.queues, step.queue).value_or(find_queue(scenario.queues, "default").value_or(1));
}

bool takes_what_it_asks_for(const Request& request, const StepTruth& truth) {
    return keeps_to(request, truth) && truth.typical.runtime == *request.time;
}

bool has_plain_queues(const Scenario& scenario) {
    return std::ranges::all_of(scenario.queues, [](const QueueSpec& queue) {
        return queue.guaranteed == QueueAmounts{} && queue.most == QueueAmounts{} && queue.max_running == 0 &&
               queue.ageing > 0 && !queue.reclaim_after;
    });
}

int places_on(const Node& node, const Request& request) {
    int places = 0;
    for (Resources held{.cpu = *request.cpu, .memory = *request.memory}; fits(held, node.capacity); ++places)
        held += {.cpu = *request.cpu, .memory = *request.memory};
    return places;
}

}  // namespace

bool has_plain_tasks(const Scenario& scenario) {
    const Request& first = scenario.workflow.steps.front().request;
    const bool alike = std::ranges::all_of(scenario.workflow.steps, [&](const Step& step) {
        const auto truth = scenario.truths.find(step.name);
        return truth != scenario.truths.end() && takes_what_it_asks_for(step.request, truth->second) &&
               step.request.cpu == first.cpu && step.request.memory == first.memory && !step.timeout &&
               !step.deadline &&
               (step.priority == 0 || scenario.queues[queue_of(scenario, step)].discipline == Discipline::priority);
    });
    const bool alone =
        std::ranges::all_of(scenario.workflow.tasks, [](const Task& task) { return task.needs.empty(); });
    return alike && alone && is_undisturbed(scenario) && scenario.history_lag == Duration::zero();
}

bool has_plain_contention(const Scenario& scenario) { return has_plain_tasks(scenario) && has_plain_queues(scenario); }

ShareLaws::ShareLaws(const Scenario& scenario, std::function<void(std::string)> broke)
    : scenario_(scenario), broke_(std::move(broke)), queues_(scenario.queues.size()) {
    for (std::size_t queue = 1; queue < queues_.size(); ++queue)
        queues_[static_cast<std::size_t>(spec(queue).parent)].children.push_back(queue);
    const std::vector<Instant> arrivals = arrivals_of(scenario);
    for (const Task& task : scenario.workflow.tasks) {
        tasks_.push_back({queue_of(scenario, *task.step), arrivals[task.id]});
        queues_[tasks_.back().queue].tasks.push_back(task.id);
        for (int at = static_cast<int>(tasks_.back().queue); at >= 0; at = spec(static_cast<std::size_t>(at)).parent) {
            OfQueue& queue = queues_[static_cast<std::size_t>(at)];
            queue.longest_s = std::max(queue.longest_s, seconds(*task.step->request.time));
        }
    }
    has_all_from_the_start_ = arrivals.back() == Instant{};
    for (const Node& node : scenario.nodes) places_ += places_on(node, scenario.workflow.steps.front().request);
}

/// Those of one tick: first what starts, then, after a wait, what ends.
void ShareLaws::hear(const std::vector<loop::Event>& told) {
    std::optional<Instant> last_start;
    for (const loop::Event& event : told) {
        if (!event.task) continue;
        const bool ends = event.kind == loop::EventKind::task_finished || event.kind == loop::EventKind::task_failed ||
                          event.kind == loop::EventKind::task_cancelled || event.kind == loop::EventKind::task_retried;
        if (event.kind == loop::EventKind::task_started) {
            last_start = Instant(event.time.time_since_epoch());
            started(*event.task, *last_start);
        } else if (ends) {
            if (last_start) shares_are_fair(*last_start);
            last_start.reset();
            ended(*event.task);
        }
    }
    if (last_start) shares_are_fair(*last_start);
}

void ShareLaws::started(TaskId task, Instant now) {
    nothing_better_waits(task, now);
    nobody_is_overtaken(task, now);
    tasks_[task].has_started = true;
    for (int at = static_cast<int>(tasks_[task].queue); at >= 0; at = spec(static_cast<std::size_t>(at)).parent) {
        OfQueue& queue = queues_[static_cast<std::size_t>(at)];
        ++queue.running;
        queue.served_s += seconds(*scenario_.workflow.tasks[task].step->request.time);
    }
}

void ShareLaws::ended(TaskId task) {
    for (int at = static_cast<int>(tasks_[task].queue); at >= 0; at = spec(static_cast<std::size_t>(at)).parent)
        --queues_[static_cast<std::size_t>(at)].running;
}

bool ShareLaws::waits(std::size_t queue, Instant now) const {
    const OfQueue& all = queues_[queue];
    return std::ranges::any_of(all.tasks,
                               [&](TaskId id) { return !tasks_[id].has_started && tasks_[id].arrives <= now; }) ||
           std::ranges::any_of(all.children, [&](std::size_t child) { return waits(child, now); });
}

void ShareLaws::nothing_better_waits(TaskId task, Instant now) {
    for (std::size_t at = tasks_[task].queue; spec(at).parent >= 0; at = static_cast<std::size_t>(spec(at).parent)) {
        const auto parent = static_cast<std::size_t>(spec(at).parent);
        if (spec(parent).discipline != Discipline::priority) continue;
        for (const std::size_t sibling : queues_[parent].children)
            if (spec(sibling).priority > spec(at).priority && waits(sibling, now))
                broke_(fmt::format("a task of queue '{}' started while queue '{}' of higher priority had work",
                                   spec(at).path, spec(sibling).path));
    }
}

void ShareLaws::nobody_is_overtaken(TaskId task, Instant now) {
    const OfTask& starts = tasks_[task];
    const Step& step = *scenario_.workflow.tasks[task].step;
    const QueueSpec& queue = spec(starts.queue);
    for (const TaskId id : queues_[starts.queue].tasks) {
        const OfTask& other = tasks_[id];
        if (id == task || other.has_started || other.arrives > now) continue;
        const Step& others = *scenario_.workflow.tasks[id].step;
        double slack_s = seconds(*step.request.time - *others.request.time) / queue.ageing;
        if (queue.discipline == Discipline::fifo) slack_s = 0;
        // Nothing here needs anything: the order is that of the tasks.
        if (queue.discipline == Discipline::depth)
            slack_s = (static_cast<double>(id) - static_cast<double>(task)) / queue.ageing;
        if (queue.discipline == Discipline::priority && step.priority > others.priority) continue;
        const bool is_worse = queue.discipline == Discipline::priority && step.priority < others.priority;
        if (is_worse || seconds(starts.arrives - other.arrives) > slack_s + rounding)
            broke_(fmt::format("{} overtook {} in queue '{}'", scenario_.workflow.tasks[task].name,
                               scenario_.workflow.tasks[id].name, queue.path));
    }
}

void ShareLaws::shares_are_fair(Instant now) {
    no_place_is_empty(now);
    if (!has_all_from_the_start_) return;  // who comes later has no claim to what others hold
    for (const OfQueue& queue : queues_)
        for (const std::size_t one : queue.children)
            for (const std::size_t other : queue.children)
                if (one != other && waits(one, now) && waits(other, now)) compare(one, other);
}

/// Do its children share places that it keeps? Above them turns by time served may take any number of them away.
bool ShareLaws::shares_places(std::size_t queue) const {
    if (spec(queue).discipline == Discipline::sfq) return true;
    for (int at = spec(queue).parent; at >= 0; at = spec(static_cast<std::size_t>(at)).parent)
        if (spec(static_cast<std::size_t>(at)).discipline != Discipline::fair) return false;
    return true;
}

void ShareLaws::compare(std::size_t one, std::size_t other) {
    const auto parent = static_cast<std::size_t>(spec(one).parent);
    const double weight = spec(one).weight, other_weight = spec(other).weight;
    const OfQueue &more = queues_[one], &less = queues_[other];
    if (!shares_places(parent)) return;
    double apart = more.running / weight - less.running / other_weight;
    double most = 1 / weight + (parent == 0 ? 0 : 1 / other_weight);
    if (spec(parent).discipline == Discipline::priority && spec(one).priority != spec(other).priority) return;
    if (spec(parent).discipline == Discipline::sfq) {
        apart = more.served_s / weight - less.served_s / other_weight;
        most = more.longest_s / weight + less.longest_s / other_weight;
    }
    if (apart > most + rounding)
        broke_(fmt::format("queue '{}' has {:.3f} for its weight more than '{}', which waits; {:.3f} are allowed",
                           spec(one).path, apart, spec(other).path, most));
}

void ShareLaws::no_place_is_empty(Instant now) {
    if (queues_.front().running < places_ && waits(0, now))
        broke_(
            fmt::format("{} tasks run where there is room for {}, and others wait", queues_.front().running, places_));
}

}  // namespace plimsoll::simulate
