// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/loop/loop.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "plimsoll/base/log.h"
#include "plimsoll/base/probe.h"

namespace plimsoll::loop {
namespace {

// A history that cannot be written (a full disk) is waited for so long once nothing runs any more.
constexpr Duration trouble_patience = std::chrono::seconds(30);

}  // namespace

Loop::Loop(Options options, Edges edges)
    : options_(std::move(options)),
      edges_(edges),
      nodes_(edges.engine.nodes()),
      pool_(nodes_),
      queue_(options_.queues),
      has_reclaim_(some_reclaim(options_.queues)),
      run_start_(edges.clock.now()) {
    Event started;
    started.kind = EventKind::run_started;
    tell(std::move(started));
}

Result<std::vector<Event>> Loop::tick(Instant until) {
    Instant now = edges_.clock.now();
    heed_nodes();
    join(now);
    examine_ready();
    pool_.advance(now);  // who runs past its reservation holds it on: before anybody looks at what is free
    follow_plans(now);
    start_what_fits(now);
    prefetch(now);
    finish_if_done();
    PLIM_TRY(make_durable(now));
    if (!done()) settle(edges_.engine.wait(next_wake(now, until)));
    now = edges_.clock.now();
    pool_.advance(now);
    hear_pressed(now);
    look_at_due(now);
    hear_workspace();
    finish_if_done();
    PLIM_TRY(make_durable(now));
    for (const TaskId id : outbox_.take_deletions(edges_.store.durable_through()))
        if (tasks_[id].open_dependents == 0 && is_done(tasks_[id].state))
            edges_.workspace.delete_temporaries(tasks_[id].task);
    return outbox_.take_events(edges_.store.durable_through());
}

/// Nothing starts on a node that went until it is back; what was lost with it has been settled.
void Loop::heed_nodes() {
    for (const engine::NodeChange& change : edges_.engine.take_node_changes()) {
        const Node& node = nodes_[change.node];
        pool_.set_capacity(node.id, change.is_there ? node.capacity : Resources{});
        replan_ = true;
        PLIM_PROBE("loop: a node went or came back");
        if (told_end_) continue;  // what comes after a run's end is not told of
        note(change.is_there ? node.name + " is back" : node.name + " is gone: what ran there runs again elsewhere");
    }
}

/// The attempts that are due are read, and what that tells is acted on; then those that had to end by now.
void Loop::look_at_due(Instant now) {
    const std::vector<RunningAttempt*> due = running_.take_due(now);
    for (RunningAttempt* attempt : due)
        if (attempt->next_sample <= now) sample(*attempt, {edges_.usage, edges_.limits}, now);
    for (RunningAttempt* attempt : due) {
        if (attempt->last_sample == now && !attempt->must_die) note_wants(*attempt, now);
        if (attempt->is_off_plan) noted(*attempt);
        else running_.note(*attempt);
    }
    divide_memory(now);
    for (RunningAttempt* attempt : due) enforce_limits(*attempt, now);
}

/// Whatever changed of it counts from here on.
void Loop::noted(RunningAttempt& attempt) {
    running_.note(attempt);
    attempt.is_off_plan = true;
    const bool is_led = options_.shape == ShapeMode::full && !attempt.plan.phases.empty();
    if (!is_led || attempt.is_followed || attempt.must_die) return;
    attempt.is_followed = true;
    followed_.push_back(attempt.record.id.task);
}

void Loop::hear_workspace() {
    for (workflow::Resealed& resealed : edges_.workspace.take_resealed())
        last_ticket_ = edges_.store.append(history::TaskSealed{resealed.task, std::move(resealed.receipt)});
    for (std::string& notice : edges_.workspace.take_notices()) note(std::move(notice));
}

bool Loop::done() const { return told_end_ && outbox_.empty(); }

RunState Loop::state() const {
    if (!told_end_) return RunState::running;
    if (failed_) return RunState::failed;
    return tasks_.count(TaskState::cancelled) > 0 ? RunState::cancelled : RunState::finished;
}

void Loop::stop(StopMode mode) {
    if (mode <= stop_ || told_end_) return;
    stop_ = mode;
    Event stopping;
    stopping.kind = EventKind::run_stopping;
    stopping.reason = mode == StopMode::drain       ? "no new tasks are started and running ones may finish; "
                                                      "`plimsoll stop --now`, or Ctrl-C again where it runs, ends them"
                      : mode == StopMode::terminate ? "running tasks are asked to end"
                                                    : "running tasks are killed";
    tell(std::move(stopping));
    cancel_waiting("the run was stopped");
    stop_running(mode, edges_.clock.now());
}

void Loop::note(std::string text) {
    Event notice;
    notice.reason = std::move(text);
    tell(std::move(notice));
}

void Loop::join(Instant now) {
    if (told_end_) return;
    for (workflow::Source* source : sources_) {
        std::vector<Task> tasks = source->poll(tasks_.size(), now);
        if (tasks.empty()) continue;
        const TaskId first = tasks_.size();
        const std::vector<TaskId> ready = tasks_.join(std::move(tasks));
        for (const TaskId id : ready) note_ready(id, {}, now);
        for (TaskId id = first; id < tasks_.size(); ++id) {
            tasks_.at(id).joined = now;
            record_task(id);
            if (tasks_[id].state != TaskState::cancelled) continue;
            PLIM_PROBE("loop: a task joined after what it needs had failed");
            send_word(id, false);
            tell(event(EventKind::task_cancelled, id));
        }
        rank(first);
        for (const TaskId id : ready) unexamined_.insert({-rank_of(id), id});
        if (stop_ != StopMode::none) cancel_waiting("the run was stopped", first);
    }
}

// Before inputs are looked at a step's tasks are all alike; that is enough to see the long way.
void Loop::rank(TaskId first) {
    std::unordered_map<const Step*, double> of_step;
    for (TaskId id = first; id < tasks_.size(); ++id) {
        const Task& task = tasks_[id].task;
        auto [known, is_new] = of_step.try_emplace(task.step, 0);
        if (is_new) known->second = typical_runtime(*task.step);
        join_orders(id, task.needs, known->second);
    }
    const bool moved = path_.refresh() | depth_.refresh();
    weigh_submissions(first, of_step);
    note_due(first);
    if (first == 0) plan_order();
    if (!moved && planned_.empty()) return;
    std::set<std::pair<double, TaskId>> ordered;
    for (const auto& [rank, id] : unexamined_) ordered.insert({-rank_of(id), id});
    unexamined_ = std::move(ordered);
}

// What comes later of a submission that is known does not move those of it that wait already.
void Loop::weigh_submissions(TaskId first, const std::unordered_map<const Step*, double>& runtime_of_step) {
    std::unordered_map<const Step*, double> work_of_step;
    const Resources total = edges_.capacity.total();
    for (const auto& [step, runtime_s] : runtime_of_step) {
        const Forecast forecast = forecast_of(*step);
        const Resources amounts{.cpu = Cores{forecast.cpu.bound},
                                .memory = Bytes{static_cast<std::int64_t>(forecast.memory.bound)}};
        work_of_step[step] = runtime_s * std::min(1.0, dominant_share(amounts, total));
    }
    std::map<std::uint32_t, schedule::Submission> fresh;
    for (TaskId id = first; id < tasks_.size(); ++id) {
        const Task& task = tasks_[id].task;
        schedule::Submission& whole = fresh[task.submission];
        whole.work_s += work_of_step.at(task.step);
        whole.path_s = std::max(whole.path_s, rank_of(id));
    }
    submissions_.merge(fresh);
}

Forecast Loop::forecast_of(const Step& step) const {
    Features features;
    features.machine = options_.machine;
    return edges_.forecaster.forecast(step.kind, features, sizing_terms(step).of(step));
}

double Loop::typical_runtime(const Step& step) const {
    const double known = forecast_of(step).runtime.p50;
    return known > 0 ? known : 1;  // where nothing is known the way is as long as it has steps
}

void Loop::cancel_waiting(const std::string& reason, TaskId first) {
    for (TaskId id = first; id < tasks_.size(); ++id) {
        const TaskState state = tasks_[id].state;
        if (state != TaskState::ready && state != TaskState::waiting) continue;
        Event told = event(EventKind::task_cancelled, id);
        told.reason = reason;
        give_up(id, TaskState::cancelled, reason, std::move(told));
    }
    unexamined_.clear();
}

Result<void> Loop::make_durable(Instant now) {
    history::Store& store = edges_.store;
    const bool writes_by_itself = store.wake_fd() >= 0;
    // Before looking, so that no news is lost; always, or what has been seen would end every wait at once.
    if (writes_by_itself) store.acknowledge();
    if (last_ticket_ <= store.durable_through()) {
        if (trouble_since_) PLIM_PROBE("loop: the history's trouble ended with all of it written");
        trouble_since_.reset();
        return {};
    }
    if (!writes_by_itself) return store.commit();
    const std::optional<Error> trouble = store.trouble();
    if (!trouble) {
        trouble_since_.reset();
        return told_end_ ? store.commit() : Result<void>{};
    }
    if (!trouble_since_) {
        PLIM_PROBE("loop: the history is in trouble");
        trouble_since_ = now;
        log(LogLevel::warning, "nothing more is started until the history can be written: " + trouble->message);
    }
    return running_.empty() && now - *trouble_since_ > trouble_patience ? store.commit() : Result<void>{};
}

Instant Loop::next_wake(Instant now, Instant until) {
    Instant wake = std::min(until, running_.next_due());
    const bool is_asked = has_reclaim_ && !edges_.capacity.others().queues.empty();
    if (!queue_.empty() || trouble_since_ || running_.some_want_memory() || !running_.suspended().empty() || is_asked)
        wake = std::min(wake, now + recheck_after());
    if (!unexamined_.empty() && queue_.tasks() < examined_ahead) wake = now;
    const bool all_durable = last_ticket_ <= edges_.store.durable_through();
    if (told_end_ && all_durable) wake = now;
    return std::max(wake, now);
}

void Loop::finish_if_done() {
    if (told_end_ || tasks_.open() > 0) return;
    const bool more =
        std::any_of(sources_.begin(), sources_.end(), [](auto* source) { return source->may_send_more(); });
    if (more && stop_ == StopMode::none) return;
    edges_.workspace.settle();
    hear_workspace();
    told_end_ = true;
    last_ticket_ = edges_.store.append(history::RunEnded{state(), edges_.clock.wall()});
    Event ended;
    ended.kind = EventKind::run_finished;
    ended.state = state();
    tell(std::move(ended));
}

Event Loop::event(EventKind kind, TaskId id) const {
    const TaskTable::Entry& entry = tasks_[id];
    Event made;
    made.kind = kind;
    made.task = id;
    made.step = entry.task.step->name;
    made.task_name = entry.task.name;
    made.attempt = entry.tries.attempts;
    made.reason = entry.reason;
    return made;
}

void Loop::tell(Event event) {
    event.time = edges_.clock.wall();
    outbox_.tell(std::move(event), last_ticket_);
}

void Loop::record(Decision decision, TaskId id, int attempt) {
    decision.at = edges_.clock.wall();
    decision.task = id;
    decision.attempt = attempt;
    last_ticket_ = edges_.store.append(history::Decided{std::move(decision)});
}

std::uint64_t Loop::record_task(TaskId id) {
    const TaskTable::Entry& entry = tasks_[id];
    const Step& step = *entry.task.step;
    last_ticket_ =
        edges_.store.append(history::TaskChanged{TaskRecord{.id = id,
                                                            .name = entry.task.name,
                                                            .kind = step.kind,
                                                            .state = entry.state,
                                                            .request = step.request,
                                                            .attempts = entry.tries.attempts,
                                                            .reason = entry.reason,
                                                            .queue = queue_.spec(queue_.find(step.queue)).path}});
    return last_ticket_;
}

}  // namespace plimsoll::loop
