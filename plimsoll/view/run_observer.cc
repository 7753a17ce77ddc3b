// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/view/run_observer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>

namespace plimsoll::view {
namespace {

constexpr std::size_t happenings_kept = 16;
// An interval that changes more often cannot be read.
constexpr Duration eta_period = std::chrono::seconds(1);

std::uint32_t* place_of(Counts& counts, TaskState state) {
    switch (state) {
        case TaskState::running: return &counts.running;
        case TaskState::finished: return &counts.finished;
        case TaskState::up_to_date: return &counts.up_to_date;
        case TaskState::failed: return &counts.failed;
        case TaskState::cancelled: return &counts.cancelled;
        default: return nullptr;
    }
}

void move(Counts& counts, TaskState from, TaskState to) {
    if (std::uint32_t* left = place_of(counts, from)) --*left;
    if (std::uint32_t* joined = place_of(counts, to)) ++*joined;
}

std::optional<TaskState> state_told(loop::EventKind kind) {
    using loop::EventKind;
    switch (kind) {
        case EventKind::task_started: return TaskState::running;
        case EventKind::task_retried: return TaskState::ready;
        case EventKind::task_finished: return TaskState::finished;
        case EventKind::task_up_to_date: return TaskState::up_to_date;
        case EventKind::task_failed: return TaskState::failed;
        case EventKind::task_cancelled: return TaskState::cancelled;
        default: return std::nullopt;
    }
}

/// The mean over the tasks of a step that wait for their place.
struct MeanAsk {
    int count = 0;
    double p50 = 0, bound = 0, memory = 0, cpu = 0;
    Forecast first;
    void add(const loop::Ask& ask) {
        if (count++ == 0) first = ask.forecast;
        p50 += ask.forecast.runtime.p50;
        bound += ask.forecast.runtime.bound;
        memory += static_cast<double>(ask.amounts.memory.count);
        cpu += ask.amounts.cpu.count;
    }
    /// As a forecast of one task, with what it would be given as its bounds.
    Forecast mean() const {
        Forecast all = first;
        all.runtime.p50 = p50 / count;
        all.runtime.bound = bound / count;
        all.memory.bound = memory / count;
        all.cpu.bound = cpu / count;
        return all;
    }
};

double fit_side_by_side(const Forecast& forecast, const Resources& room) {
    double fit = 1e9;
    if (forecast.memory.bound > 0) fit = std::min(fit, static_cast<double>(room.memory.count) / forecast.memory.bound);
    if (forecast.cpu.bound > 0) fit = std::min(fit, (room.cpu.count + 1e-6) / forecast.cpu.bound);
    return std::max(1.0, std::floor(fit));
}

TaskLine line_of(const loop::RunningAttempt& attempt, Instant now) {
    const AttemptRecord& record = attempt.record;
    TaskLine line{.name = record.task_name,
                  .step = record.kind.step,
                  .attempt = record.id.number,
                  .lived = loop::own_time(attempt, now),
                  .takes = {},
                  .used = {},
                  .reserved = amounts_of(attempt.held),
                  .grown = record.shaping.grown,
                  .frozen = {}};
    if (runtime_of(record.forecast)) line.takes = from_seconds(record.forecast.runtime.p50);
    if (attempt.last_sample != Instant{}) line.used = Amounts{attempt.use.now, attempt.cpu_use.now};
    if (attempt.frozen_since) line.frozen = now - *attempt.frozen_since;
    return line;
}

Amounts amounts_of(const machine::Others& others) {
    return {others.runs.memory + others.programs + others.kept_free, others.runs.cpu};
}

}  // namespace

bool is_lasting(loop::EventKind kind) {
    using loop::EventKind;
    switch (kind) {
        case EventKind::task_failed:
        case EventKind::task_retried:
        case EventKind::notice:
        case EventKind::run_waiting:
        case EventKind::run_stopping: return true;
        default: return false;
    }
}

void RunObserver::join(const loop::TaskTable& tasks) {
    while (states_.size() < tasks.size()) {
        const Task& task = tasks[static_cast<TaskId>(states_.size())].task;
        const auto [known, is_new] = places_.try_emplace(task.step, static_cast<std::uint32_t>(steps_.size()));
        if (is_new) steps_.push_back({.step = task.step, .needs = {}, .counts = {}});
        const std::uint32_t at = known->second;
        states_.push_back(TaskState::waiting);
        step_of_.push_back(at);
        ++steps_[at].counts.tasks;
        ++counts_.tasks;
        for (const TaskId need : task.needs) {
            const std::size_t needed = step_of_[need];
            std::vector<std::size_t>& needs = steps_[at].needs;
            if (needed < at && std::ranges::find(needs, needed) == needs.end()) needs.push_back(needed);
        }
    }
}

void RunObserver::heed(const loop::Loop& loop, std::span<const loop::Event> events) {
    join(loop.tasks());
    for (const loop::Event& event : events) heed(event);
}

void RunObserver::heed(const loop::Event& event) {
    using loop::EventKind;
    if (const auto state = state_told(event.kind); state && event.task) set_state(*event.task, *state);
    grown_ += event.kind == EventKind::task_grown;
    frozen_ += event.kind == EventKind::task_frozen;
    retried_ += event.kind == EventKind::task_retried;
    is_stopping_ |= event.kind == EventKind::run_stopping;
    if (event.kind == EventKind::run_waiting) stands_ = event.reason;
    if (event.kind == EventKind::task_started) stands_.clear();
    if (event.kind == EventKind::run_finished) state_ = event.state;
    if (event.kind == EventKind::task_failed) happened(fmt::format("FAILED  {}: {}", event.task_name, event.reason));
    if (event.kind == EventKind::task_retried) happened(fmt::format("retry   {}: {}", event.task_name, event.reason));
    if (event.kind == EventKind::notice) happened("note: " + event.reason);
    if (event.kind == EventKind::run_stopping) happened("stopping: " + event.reason);
}

void RunObserver::set_state(TaskId task, TaskState state) {
    const TaskState before = std::exchange(states_[task], state);
    move(counts_, before, state);
    move(steps_[step_of_[task]].counts, before, state);
}

void RunObserver::happened(std::string text) {
    happenings_.push_back({++happened_, std::move(text)});
    if (happenings_.size() > happenings_kept) happenings_.pop_front();
}

RunView RunObserver::look(const loop::Loop& loop, const machine::Others& others, Instant now) {
    join(loop.tasks());
    RunView seen{.run = setup_.run,
                 .workflow = setup_.workflow,
                 .owner = setup_.owner,
                 .elapsed = now - setup_.started,
                 .state = state_,
                 .is_stopping = is_stopping_,
                 .counts = counts_,
                 .ready = loop.tasks().count(TaskState::ready),
                 .grown = grown_,
                 .frozen = frozen_,
                 .retried = retried_,
                 .used = {},
                 .reserved = {},
                 .machine = setup_.machine,
                 .others = amounts_of(others),
                 .eta = {},
                 .waits = stands_.empty() ? loop.waits_for(now) : stands_,
                 .steps = {},
                 .queues = {},
                 .running = {},
                 .happenings = {happenings_.begin(), happenings_.end()}};
    for (const StepSeen& step : steps_) seen.steps.push_back({step.step->name, step.counts, {}, {}});
    add_running(loop, now, seen);
    add_queues(loop, seen);
    if (!eta_made_ || now - *eta_made_ >= eta_period) {
        eta_made_ = now;
        eta_ = eta(loop, now);
    }
    seen.eta = eta_;
    return seen;
}

void RunObserver::add_running(const loop::Loop& loop, Instant now, RunView& seen) const {
    std::vector<const loop::RunningAttempt*> attempts = loop.running().in_order();
    std::ranges::stable_sort(attempts, {}, &loop::RunningAttempt::started);
    for (const loop::RunningAttempt* attempt : attempts) {
        TaskLine line = line_of(*attempt, now);
        StepLine& step = seen.steps[step_of_[attempt->record.id.task]];
        seen.reserved += line.reserved;
        step.reserved += line.reserved;
        if (line.used) {
            seen.used += *line.used;
            step.used += *line.used;
        }
        seen.running.push_back(std::move(line));
    }
}

void RunObserver::add_queues(const loop::Loop& loop, RunView& seen) {
    const schedule::Queues& queues = loop.queues();
    const schedule::ShareTree& shares = queues.shares();
    for (schedule::QueueId queue = 0; queue < queues.size(); ++queue) {
        const auto waiting = static_cast<std::uint32_t>(queues.line(queue).size());
        if (!shares.is_leaf(queue) || (waiting == 0 && shares.running(queue) == 0)) continue;
        seen.queues.push_back({queues.spec(queue).path, shares.share(queue), shares.due(queue), waiting});
    }
    if (seen.queues.size() < 2) seen.queues.clear();
    std::ranges::stable_sort(seen.queues, std::greater<>(), &QueueLine::due);
}

Eta RunObserver::eta(const loop::Loop& loop, Instant now) const {
    if (state_ != RunState::running) return {};
    if (stands_.empty()) return time_left(work_left(loop, now));
    return {.least = {}, .most = {}, .unknown = "nobody knows when what this run waits for is given back"};
}

std::vector<StepWork> RunObserver::work_left(const loop::Loop& loop, Instant now) const {
    const Resources room = loop.may_hold() == Resources{}
                               ? Resources{.cpu = setup_.machine.cpu, .memory = setup_.machine.memory}
                               : loop.may_hold();
    std::vector<MeanAsk> asks(steps_.size());
    for (const auto& [task, queued] : loop.queued()) asks[step_of_[task]].add(queued.ask);
    std::vector<StepWork> work;
    for (std::size_t at = 0; at < steps_.size(); ++at) {
        const Counts& counts = steps_[at].counts;
        StepWork& step = work.emplace_back(StepWork{.step = steps_[at].step->name, .needs = steps_[at].needs});
        step.open = counts.tasks - std::min(counts.tasks, counts.ended() + counts.running);
        if (step.open + counts.running == 0) continue;
        const Forecast of_step = loop.forecast_of(*steps_[at].step);
        const Forecast typical = asks[at].count > 0 ? asks[at].mean() : of_step;
        step.runtime = runtime_of(typical);
        if (!step.runtime) step.runtime = runtime_of(of_step);
        step.samples = std::max(1U, of_step.samples);
        step.side_by_side = fit_side_by_side(typical, room);
    }
    for (const loop::RunningAttempt* attempt : loop.running().in_order()) {
        StepWork& step = work[step_of_[attempt->record.id.task]];
        // What was learnt since it started tells as much of it.
        std::optional<Runtime> runtime = runtime_of(attempt->record.forecast);
        if (!runtime) runtime = step.runtime;
        if (runtime) step.running.push_back(left_of(*runtime, seconds(loop::own_time(*attempt, now))));
        else step.runs_unknown = true;
    }
    return work;
}

}  // namespace plimsoll::view
