// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/simulate/simulated_engine.h"

#include <algorithm>
#include <csignal>

#include "plimsoll/base/check.h"

namespace plimsoll::simulate {
namespace {

/// How much of its own time has gone by when an attempt reaches a given amount of memory.
Duration time_to_reach(Bytes memory, const Behaviour& truth) {
    return from_seconds(seconds(truth.runtime) * truth.peak_at * (memory / truth.memory_peak));
}

}  // namespace

SimulatedEngine::SimulatedEngine(ManualClock& clock, std::vector<Node> nodes, Truth truth)
    : clock_(clock),
      nodes_(std::move(nodes)),
      truth_(std::move(truth)),
      reserved_(nodes_.size()),
      most_reserved_(nodes_.size()) {}

SimulatedEngine::Life SimulatedEngine::live(const engine::Launch& launch) const {
    Life life{.launch = launch,
              .truth = truth_(launch.task_name, launch.attempt.number),
              .started = clock_.now(),
              .outcome = {},
              .limits = launch.limits,
              .runs_since = clock_.now()};
    const double slowed = std::max(1.0, life.truth.cpu.count / std::max(1e-3, launch.reserved.cpu.count));
    life.truth.runtime = from_seconds(seconds(life.truth.runtime) * slowed);
    return life;
}

Duration SimulatedEngine::own_time(const Life& life) const {
    return life.is_frozen ? life.ran : life.ran + (clock_.now() - life.runs_since);
}

/// Rises in a straight line, stays, and may fall once.
Bytes SimulatedEngine::memory_of(const Life& life) const {
    const Behaviour& truth = life.truth;
    const double lived = seconds(own_time(life)) / std::max(1e-9, seconds(truth.runtime));
    if (lived >= truth.falls_at) return truth.memory_peak * truth.memory_left;
    return truth.memory_peak * std::min(1.0, lived / std::max(1e-9, truth.peak_at));
}

/// Never, as things stand, where it is frozen or does not come to so much.
Instant SimulatedEngine::when_reaches(const Life& life, Bytes memory) const {
    if (life.is_frozen || memory <= Bytes{} || life.truth.memory_peak <= memory) return Instant::max();
    if (own_time(life) >= from_seconds(seconds(life.truth.runtime) * life.truth.falls_at)) return Instant::max();
    // A little later, when it is beyond it for certain.
    constexpr Duration beyond = std::chrono::microseconds(1);
    return clock_.now() + std::max(Duration::zero(), time_to_reach(memory, life.truth) - own_time(life)) + beyond;
}

/// Its end and its notice, from its limits and from whether it runs.
void SimulatedEngine::foresee(AttemptId attempt, Life& life) {
    if (life.is_stopped) return;
    ends_.erase({life.ends, attempt});
    life.ends = life.is_frozen ? Instant::max() : clock_.now() + (life.truth.runtime - own_time(life));
    life.outcome = life.truth.exit_code != 0 ? Outcome{Ending::exit, life.truth.exit_code, {}} : Outcome{};
    if (const Instant full = when_reaches(life, life.limits.memory); full < life.ends) {
        life.ends = full;
        life.outcome = {Ending::out_of_memory, 0, {}};
    }
    life.notices =
        memory_of(life) < life.limits.memory_notice ? when_reaches(life, life.limits.memory_notice) : Instant::max();
    if (life.ends != Instant::max()) ends_.emplace(life.ends, attempt);
}

bool SimulatedEngine::set_limits(AttemptId attempt, const Limits& limits) {
    const auto found = running_.find(attempt);
    if (found == running_.end()) return false;
    found->second.limits = limits;
    foresee(attempt, found->second);
    return true;
}

bool SimulatedEngine::set_frozen(AttemptId attempt, bool is_frozen) {
    const auto found = running_.find(attempt);
    if (found == running_.end()) return false;
    Life& life = found->second;
    life.ran = own_time(life);
    life.runs_since = clock_.now();
    life.is_frozen = is_frozen;
    foresee(attempt, life);
    return true;
}

Result<Placement> SimulatedEngine::start(const engine::Launch& launch) {
    PLIM_CHECK(launch.node < nodes_.size(), "a task starts on a node that is there");
    Life life = live(launch);
    if (!life.truth.can_start) return Error{ErrorKind::not_found, "no such program"};
    if (life.truth.is_refused) return Error{ErrorKind::refused, "cannot start a process: too many"};
    Resources& reserved = reserved_[launch.node] += launch.reserved;
    most_reserved_[launch.node] = max_of(most_reserved_[launch.node], reserved);
    const auto [placed, is_new] = running_.emplace(launch.attempt, std::move(life));
    PLIM_CHECK(is_new, "an attempt starts once");
    foresee(launch.attempt, placed->second);
    return Placement{.node = launch.node, .pid = static_cast<int>(launch.attempt.task) + 1, .group = launch.task_name};
}

void SimulatedEngine::stop(AttemptId attempt, engine::StopHow how) {
    const auto found = running_.find(attempt);
    if (found == running_.end()) return;
    Life& life = found->second;
    if (how == engine::StopHow::terminate && life.truth.ignores_terminate) return;
    // What is frozen hears a signal when it goes on, but for the one that kills.
    if (how == engine::StopHow::terminate && life.is_frozen) return;
    ends_.erase({life.ends, attempt});
    life.ends = std::min(life.ends, clock_.now());
    life.is_stopped = true;
    const bool is_caught = how == engine::StopHow::terminate && life.truth.exits_well_when_asked_to_end;
    life.outcome =
        is_caught ? Outcome{} : Outcome{Ending::signal, how == engine::StopHow::kill ? SIGKILL : SIGTERM, {}};
    ends_.emplace(life.ends, attempt);
}

Instant SimulatedEngine::next_event(Instant until) const {
    Instant next = until;
    if (!ends_.empty()) next = std::min(next, ends_.begin()->first);
    if (!happenings_.empty()) next = std::min(next, happenings_.begin()->first);
    for (const auto& [attempt, life] : running_) next = std::min(next, life.notices);
    return next;
}

std::vector<engine::Ended> SimulatedEngine::wait(Instant until) {
    const Instant next = next_event(until);
    waits_for_ever_ = next == Instant::max();
    if (waits_for_ever_) return {};
    clock_.advance_to(next);
    while (!happenings_.empty() && happenings_.begin()->first <= clock_.now())
        happenings_.extract(happenings_.begin()).mapped()();
    for (auto& [attempt, life] : running_) {
        if (life.notices > clock_.now()) continue;
        life.notices = Instant::max();
        noticed_.push_back(attempt);
    }
    std::vector<engine::Ended> ended;
    while (!ends_.empty() && ends_.begin()->first <= clock_.now()) {
        const auto found = running_.find(ends_.begin()->second);
        ends_.erase(ends_.begin());
        ended.push_back(end(found->second));
        reserved_[found->second.launch.node] -= found->second.launch.reserved;
        running_.erase(found);
    }
    return ended;
}

engine::Ended SimulatedEngine::end(const Life& life) const {
    const Duration ran = own_time(life);
    const double cores = std::min(life.truth.cpu.count, life.launch.reserved.cpu.count);
    const bool reached_peak = seconds(ran) >= seconds(life.truth.runtime) * life.truth.peak_at;
    const Bytes limit = life.limits.memory;
    const Bytes peak = life.outcome.ending == Ending::out_of_memory ? limit : life.truth.memory_peak;
    return {.attempt = life.launch.attempt,
            .outcome = life.outcome,
            .at = life.ends,
            .cpu = from_seconds(seconds(ran) * cores),
            .memory_high_water = reached_peak || life.outcome.ending == Ending::out_of_memory ? peak : Bytes{}};
}

std::optional<Usage> SimulatedEngine::usage_of(AttemptId attempt) const {
    const auto found = running_.find(attempt);
    if (found == running_.end()) return std::nullopt;
    const Life& life = found->second;
    Usage usage;
    usage.at = clock_.now();
    usage.cpu = from_seconds(seconds(own_time(life)) * std::min(life.truth.cpu.count, life.launch.reserved.cpu.count));
    usage.memory = memory_of(life);
    usage.memory_high_water = usage.memory;
    usage.processes = 1;
    return usage;
}

}  // namespace plimsoll::simulate
