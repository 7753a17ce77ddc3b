// SPDX-License-Identifier: Apache-2.0
// The beginning of a round: ready tasks are looked at, sized and queued.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "plimsoll/base/probe.h"
#include "plimsoll/loop/loop.h"

namespace plimsoll::loop {
namespace {

/// That kind alone, of those that are asked for.
Resources only(ResourceKind kind, const Resources& need) {
    ResourceCounts counts{};
    counts[static_cast<std::size_t>(kind)] = counts_of(need)[static_cast<std::size_t>(kind)];
    return resources_of(counts);
}

/// The first kind that is short, as asked for: "gpu=1".
std::string first_lack(const Resources& need, const Resources& there) {
    const Resources lacking = clamp_to_zero(need - there);
    for (int kind = 0; kind < resource_kind_count; ++kind)
        if (const auto which = static_cast<ResourceKind>(kind); lacking.amount(which) > 0)
            return format(only(which, need));
    return "nothing";
}

}  // namespace

void Loop::examine_ready() {
    // Only so far ahead of the machine: looking costs file accesses, and sizes get better with every
    // task that finishes meanwhile.
    for (int looked = 0; looked < 256 && !unexamined_.empty() && queue_.tasks() < examined_ahead; ++looked) {
        const TaskId id = unexamined_.begin()->second;
        unexamined_.erase(unexamined_.begin());
        if (tasks_[id].state == TaskState::ready) examine(id);
    }
}

void Loop::examine(TaskId id) {
    workflow::Freshness fresh = edges_.workspace.examine(tasks_[id].task);
    const bool must_run = tasks_[id].must_run;
    if (!must_run) tasks_.at(id).reason = fresh.reason;
    if (fresh.up_to_date && !must_run) {
        Event skipped = event(EventKind::task_up_to_date, id);
        complete(id, TaskState::up_to_date);
        return tell(std::move(skipped));
    }
    for (const std::string& path : fresh.deleted_inputs)
        if (const auto producer = tasks_.producer_of(path)) bring_back(*producer, id);
    if (tasks_[id].state != TaskState::ready) return;  // until what it needs has been made again
    fresh.features.machine = options_.machine;
    const TaskTable::Entry& entry = tasks_[id];
    if (entry.task.split != nullptr && entry.parts.empty() && !must_run && split(id, fresh)) return;
    queue(id, fresh.features);
}

void Loop::bring_back(TaskId producer, TaskId wanted_by) {
    if (!is_done(tasks_[producer].state)) return;
    for (const TaskId reader : tasks_.revive(producer, wanted_by)) {
        if (queue_.contains(reader)) PLIM_PROBE("loop: a queued task waits again for what it needs");
        queue_.erase(reader);
        asks_.erase(reader);
    }
    note_ready(producer, {}, edges_.clock.now());
    if (tasks_[producer].state == TaskState::ready) unexamined_.insert({-rank_of(producer), producer});
}

/// All that the task needs is there: from now on it waits for its place alone.
void Loop::note_ready(TaskId id, std::optional<TaskId> after, Instant now) {
    if (became_ready_.size() <= id) became_ready_.resize(tasks_.size());
    became_ready_[id] = {now, after};
}

WaitRecord Loop::wait_of(TaskId id, Instant now) const {
    const BecameReady& ready = became_ready_[id];
    return {.time = now - ready.at, .after = ready.after, .lack = ready.at <= line_.at ? line_.lack : std::string()};
}

SizingTerms Loop::sizing_terms(const Step& step) const {
    return {options_.may_exceed_request, options_.risk, options_.memory_headroom,
            queue_.shares().within_limits(queue_.find(step.queue), edges_.capacity.total()),
            options_.shape == ShapeMode::full};
}

/// Why a task of that size could never start; "" where it could.
std::string Loop::cannot_hold(const Step& step, const Resources& amounts) const {
    const Resources total = edges_.capacity.total();
    const Resources in_queue = queue_.shares().within_limits(queue_.find(step.queue), total);
    const Resources asked{.cpu = step.request.cpu.value_or(Cores{}),
                          .memory = step.request.memory.value_or(Bytes{}),
                          .gpu = step.request.gpu.value_or(0)};
    if (fits(asked, total) && !fits(asked, in_queue))
        return fmt::format("asks for {}, and queue {} may hold {} at most", first_lack(asked, in_queue), step.queue,
                           format(in_queue));
    const bool fits_a_node =
        nodes_.size() == 1  // whose own may be less just now
            ? fits(amounts, total)
            : std::ranges::any_of(nodes_, [&](const Node& node) { return fits(amounts, node.capacity); });
    if (fits_a_node) return {};
    return fits(amounts, total)
               ? fmt::format("no node has {}", format(amounts))
               : fmt::format("asks for {}, and this machine has {}", first_lack(amounts, total), format(total));
}

/// The next of a step mostly asks for what the one before it did, as long as nothing was learnt in between.
Ask Loop::sized(const TaskTable::Entry& entry, const Features& features) {
    const Step& step = *entry.task.step;
    const bool is_alike = is_sized_alike(entry.tries);
    if (is_alike && last_sized_ && last_sized_->step == &step && last_sized_->features == features)
        return last_sized_->ask;
    Ask ask = size_task(entry, features, edges_.forecaster, sizing_terms(step));
    if (is_alike) last_sized_ = {&step, features, ask};
    return ask;
}

void Loop::queue(TaskId id, const Features& features) {
    const Step& step = *tasks_[id].task.step;
    Ask ask = sized(tasks_[id], features);
    if (const std::string reason = cannot_hold(step, ask.amounts); !reason.empty()) {
        Event failed = event(EventKind::task_failed, id);
        failed.reason = reason;
        return give_up(id, TaskState::failed, reason, std::move(failed));
    }
    tasks_.at(id).tries.all_there_was = {};
    Queued& queued = asks_[id];
    const bool is_untried = ask.forecast.is_untried;
    if (is_untried) pilots_.note_change();
    queued = {features, std::move(ask), is_untried ? queued.standing : schedule::Standing::usual};
    push(id, queued);
}

/// What stands of it in line, but for what it asks for.
schedule::Candidate Loop::candidate_of(TaskId id, double rank) const {
    const Step& step = *tasks_[id].task.step;
    schedule::Candidate candidate{
        .task = id, .amounts = {}, .priority = step.priority, .rank = rank, .handed_in = tasks_[id].joined};
    if (!goes_depth_first(id)) candidate.submission = submissions_.at(tasks_[id].task.submission);
    candidate.deadline = due_[id];
    return candidate;
}

void Loop::push(TaskId id, const Queued& queued) {
    schedule::Candidate candidate = candidate_of(id, place_of(id, queued));
    candidate.amounts = queued.ask.amounts;
    candidate.phases = queued.ask.phases;
    candidate.runtime = queued.ask.runtime;
    if (due_[id] != Instant::max()) candidate.latest_start = due_[id] - queued.ask.runtime;
    queue_.push(candidate, queue_.find(tasks_[id].task.step->queue));
    replan_ = true;
}

// Each time a quarter more is known, so that a step's sizes follow what its first tasks show while the cost
// grows with the logarithm of their number.
void Loop::size_again(const TaskKind& kind) {
    Learnt& learnt = learnt_[kind];
    if (++learnt.ends < learnt.next) return;
    learnt.next = learnt.ends + std::max(1, learnt.ends / 4);
    std::vector<TaskId> waiting;
    for (const auto& [id, queued] : asks_)
        if (tasks_[id].task.step->kind == kind) waiting.push_back(id);
    std::ranges::sort(waiting);
    for (const TaskId id : waiting) {
        const auto still = asks_.find(id);
        if (still == asks_.end()) continue;  // one before it turned out too large, and ended the run
        const Features features = still->second.features;
        queue(id, features);
    }
    if (has_due_) note_due();
}

}  // namespace plimsoll::loop
