// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/simulate/simulated_engine.h"

#include <algorithm>
#include <csignal>
#include <functional>

#include "plimsoll/base/check.h"

namespace plimsoll::simulate {
namespace {

constexpr std::uint32_t no_slot = UINT32_MAX;

/// A task that gets fewer cores than it uses takes longer in proportion.
Life life_of(const engine::Launch& launch, Behaviour truth, Instant now) {
    const double slowed = std::max(1.0, truth.cpu.count / std::max(1e-3, launch.reserved.cpu.count));
    if (slowed > 1 && !truth.keeps_pace) truth.runtime = from_seconds(seconds(truth.runtime) * slowed);
    return {.attempt = launch.attempt,
            .node = launch.node,
            .reserved = launch.reserved,
            .gpus = launch.gpus,
            .gpu_share = launch.gpu_share,
            .limits = launch.limits,
            .truth = std::move(truth),
            .started = now,
            .outcome = {},
            .runs_since = now};
}

Cores used_cores(const Life& life) {
    return life.truth.keeps_pace ? life.truth.cpu : std::min(life.truth.cpu, life.reserved.cpu);
}

}  // namespace

SimulatedEngine::SimulatedEngine(ManualClock& clock, std::vector<Node> nodes, Truth truth)
    : clock_(clock),
      nodes_(std::move(nodes)),
      is_there_(nodes_.size(), true),
      speed_(nodes_.size(), 1),
      truth_(std::move(truth)),
      reserved_(nodes_.size()),
      most_reserved_(nodes_.size()) {}

void SimulatedEngine::Agenda::add(const Foreseen& one) {
    if (one.when == Instant::max()) return;
    heap_.push_back(one);
    std::ranges::push_heap(heap_, std::greater<>());
}

const SimulatedEngine::Foreseen* SimulatedEngine::Agenda::first(const std::vector<Life>& lives) {
    while (!heap_.empty() && lives[heap_.front().slot].stamp != heap_.front().stamp) drop_first();
    return heap_.empty() ? nullptr : &heap_.front();
}

void SimulatedEngine::Agenda::drop_first() {
    std::ranges::pop_heap(heap_, std::greater<>());
    heap_.pop_back();
}

std::optional<SimulatedEngine::Slot> SimulatedEngine::find(AttemptId attempt) const {
    if (attempt.task >= slot_of_.size() || slot_of_[attempt.task] == no_slot) return std::nullopt;
    const Slot slot = slot_of_[attempt.task];
    return lives_[slot].attempt == attempt ? std::optional(slot) : std::nullopt;
}

SimulatedEngine::Slot SimulatedEngine::place(Life life) {
    const TaskId task = life.attempt.task;
    if (task >= slot_of_.size()) slot_of_.resize(std::max<std::size_t>(task + 1, slot_of_.size() * 2), no_slot);
    PLIM_CHECK(slot_of_[task] == no_slot, "an attempt starts once, and no task runs twice at once");
    if (free_.empty()) {
        free_.push_back(static_cast<Slot>(lives_.size()));
        lives_.emplace_back();
    }
    const Slot slot = free_.back();
    free_.pop_back();
    life.stamp = lives_[slot].stamp;
    lives_[slot] = std::move(life);
    return slot_of_[task] = slot;
}

void SimulatedEngine::foresee_anew(Slot slot) {
    Life& life = lives_[slot];
    if (life.is_stopped) return;
    foresee(life, clock_.now());
    ++life.stamp;
    ends_.add({life.ends, life.attempt, slot, life.stamp});
    marks_.add({life.notices, life.attempt, slot, life.stamp});
}

void SimulatedEngine::end_now(Slot slot, Outcome outcome) {
    Life& life = lives_[slot];
    life.ends = std::min(life.ends, clock_.now());
    life.is_stopped = true;
    life.outcome = std::move(outcome);
    ends_.add({life.ends, life.attempt, slot, ++life.stamp});
}

bool SimulatedEngine::set_limits(AttemptId attempt, const Limits& limits) {
    const auto slot = find(attempt);
    if (!slot) return false;
    lives_[*slot].limits = limits;
    foresee_anew(*slot);
    return true;
}

bool SimulatedEngine::set_frozen(AttemptId attempt, bool is_frozen) {
    const auto slot = find(attempt);
    if (!slot) return false;
    settle_time(lives_[*slot], clock_.now());
    lives_[*slot].is_frozen = is_frozen;
    foresee_anew(*slot);
    return true;
}

template <class Change>
void SimulatedEngine::change_on(NodeId node, const Change& change) {
    for (Slot slot = 0; slot < lives_.size(); ++slot)
        if (lives_[slot].node == node && find(lives_[slot].attempt) == slot) change(slot);
}

void SimulatedEngine::set_there(NodeId node, bool is_there) {
    if (is_there_[node] == is_there) return;
    is_there_[node] = is_there;
    changes_.push_back({node, is_there});
    if (!is_there) change_on(node, [&](Slot slot) { end_now(slot, {Ending::lost, 0, nodes_[node].name + " went"}); });
}

void SimulatedEngine::set_speed(NodeId node, double speed) {
    speed_[node] = speed;
    change_on(node, [&](Slot slot) {
        settle_time(lives_[slot], clock_.now());
        lives_[slot].speed = speed;
        foresee_anew(slot);
    });
}

void SimulatedEngine::suspend(Duration length) {
    const Instant from = clock_.now();
    clock_.advance_to(end_of(from, length));
    for (NodeId node = 0; node < nodes_.size(); ++node)
        change_on(node, [&](Slot slot) {
            settle_time(lives_[slot], from);
            lives_[slot].runs_since = clock_.now();
            foresee_anew(slot);
        });
}

/// What is saved is what had been done when that was asked for.
Placement SimulatedEngine::start_saving(const engine::Launch& launch) {
    const AttemptId saving = launch.attempt, attempt{saving.task, saving.number - savings_from};
    const Life& life = lives_[find(attempt).value()];
    savings_.insert(saving);
    const Duration done = own_time(life, clock_.now()) + (life.is_resumed ? saved_[saving.task] : Duration{});
    at(end_of(clock_.now(), life.truth.saves_in), [this, saving, attempt, done] {
        const bool is_there = find(attempt).has_value();
        if (is_there && savings_.contains(saving)) saved_[saving.task] = done;
        saved(saving, is_there ? Outcome{} : Outcome{Ending::exit, 1, {}});
    });
    return {.node = launch.node, .pid = 0, .group = {}};
}

void SimulatedEngine::saved(AttemptId saving, Outcome outcome) {
    if (savings_.erase(saving) == 0) return;
    savings_ended_.push_back({.attempt = saving, .outcome = std::move(outcome), .at = clock_.now()});
}

Result<Placement> SimulatedEngine::start(const engine::Launch& launch) {
    PLIM_CHECK(launch.node < nodes_.size(), "a task starts on a node that is there");
    if (is_saving(launch.attempt)) return start_saving(launch);
    Behaviour truth = truth_(launch.task_name, launch.attempt.number);
    if (!truth.can_start) return Error{ErrorKind::not_found, "no such program"};
    if (truth.is_refused) return Error{ErrorKind::refused, "cannot start a process: too many"};
    if (is_disk_full_) return Error{ErrorKind::refused, "cannot write the log: No space left on device"};
    if (!is_there_[launch.node]) return Error{ErrorKind::refused, nodes_[launch.node].name + " is not there"};
    Resources& reserved = reserved_[launch.node] += launch.reserved;
    most_reserved_[launch.node] = max_of(most_reserved_[launch.node], reserved);
    PLIM_CHECK(launch.reserved.gpu <= 0 || !launch.gpus.empty(), "a task that holds GPUs is told which");
    for (const int gpu : launch.gpus)
        most_of_a_gpu_ = std::max(most_of_a_gpu_, gpus_[{launch.node, gpu}] += launch.gpu_share);
    const bool is_resumed =
        std::ranges::any_of(launch.env, [](const auto& each) { return each.first == engine::resume_variable; });
    if (is_resumed) truth.runtime = std::max(Duration::zero(), truth.runtime - saved_[launch.attempt.task]);
    const Slot slot = place(life_of(launch, std::move(truth), clock_.now()));
    lives_[slot].is_resumed = is_resumed;
    lives_[slot].speed = speed_[launch.node];
    foresee_anew(slot);
    clock_.advance_to(end_of(clock_.now(), per_start_));
    return Placement{.node = launch.node, .pid = static_cast<int>(launch.attempt.task) + 1, .group = launch.task_name};
}

void SimulatedEngine::stop(AttemptId attempt, engine::StopHow how) {
    if (is_saving(attempt)) return saved(attempt, {Ending::signal, SIGKILL, {}});
    const auto slot = find(attempt);
    if (!slot) return;
    const Life& life = lives_[*slot];
    if (how == engine::StopHow::terminate && life.truth.ignores_terminate) return;
    // What is frozen hears a signal when it goes on, but for the one that kills.
    if (how == engine::StopHow::terminate && life.is_frozen) return;
    const bool is_caught = how == engine::StopHow::terminate && life.truth.exits_well_when_asked_to_end;
    end_now(*slot,
            is_caught ? Outcome{} : Outcome{Ending::signal, how == engine::StopHow::kill ? SIGKILL : SIGTERM, {}});
}

Instant SimulatedEngine::next_event(Instant until) {
    Instant next = until;
    if (const Foreseen* end = ends_.first(lives_)) next = std::min(next, end->when);
    if (const Foreseen* mark = marks_.first(lives_)) next = std::min(next, mark->when);
    if (!happenings_.empty()) next = std::min(next, happenings_.begin()->first);
    return next;
}

std::vector<engine::Ended> SimulatedEngine::wait(Instant until) {
    const Instant next = savings_ended_.empty() ? next_event(until) : clock_.now();
    waits_for_ever_ = next == Instant::max();
    if (waits_for_ever_) return {};
    clock_.advance_to(next);
    while (!happenings_.empty() && happenings_.begin()->first <= clock_.now())
        happenings_.extract(happenings_.begin()).mapped()();
    for (const Foreseen* mark = marks_.first(lives_); mark && mark->when <= clock_.now(); mark = marks_.first(lives_)) {
        noticed_.push_back(mark->attempt);
        marks_.drop_first();
    }
    std::vector<engine::Ended> ended = std::exchange(savings_ended_, {});
    for (const Foreseen* first = ends_.first(lives_); first && first->when <= clock_.now();
         first = ends_.first(lives_)) {
        const Slot slot = first->slot;
        ends_.drop_first();
        ended.push_back(end(slot));
    }
    clock_.advance_to(end_of(clock_.now(), per_end_ * static_cast<Duration::rep>(ended.size())));
    return ended;
}

engine::Ended SimulatedEngine::end(Slot slot) {
    Life& life = lives_[slot];
    engine::Ended ended{.attempt = life.attempt,
                        .outcome = life.outcome,
                        .at = life.ends,
                        .cpu = from_seconds(seconds(busy_time(life, life.ends)) * used_cores(life).count),
                        .memory_high_water = high_water(life, life.ends)};
    if (is_disk_full_ && ended.outcome.ending == Ending::finished)
        ended.outcome = {Ending::exit, 1, "No space left on device"};
    for (const int gpu : life.gpus) gpus_[{life.node, gpu}] -= life.gpu_share;
    stretches_.push_back({life.attempt, life.node, life.started, life.ends, std::move(life.gpus)});
    reserved_[life.node] -= life.reserved;
    slot_of_[life.attempt.task] = no_slot;
    ++life.stamp;
    free_.push_back(slot);
    return ended;
}

std::optional<SimulatedEngine::Stretch> SimulatedEngine::running_since(AttemptId attempt) const {
    const auto slot = find(attempt);
    if (!slot) return std::nullopt;
    return Stretch{attempt, lives_[*slot].node, lives_[*slot].started, clock_.now(), lives_[*slot].gpus};
}

std::optional<Usage> SimulatedEngine::usage_of(AttemptId attempt) const {
    const auto slot = find(attempt);
    if (!slot) return std::nullopt;
    const Life& life = lives_[*slot];
    Usage usage;
    usage.at = clock_.now();
    usage.cpu = from_seconds(seconds(busy_time(life, clock_.now())) * used_cores(life).count);
    usage.memory = memory_at(life, clock_.now());
    usage.memory_high_water = usage.memory;
    usage.processes = 1;
    return usage;
}

}  // namespace plimsoll::simulate
