// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/simulate/simulated_engine.h"

#include <algorithm>
#include <csignal>

#include "plimsoll/base/check.h"

namespace plimsoll::simulate {
namespace {

/// How far into its runtime an attempt reaches a given amount of memory.
double share_of_runtime_at(Bytes memory, Bytes peak) { return 0.5 * (memory / peak); }

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
              .outcome = {}};
    const double slowed = std::max(1.0, life.truth.cpu.count / std::max(1e-3, launch.reserved.cpu.count));
    life.truth.runtime = from_seconds(seconds(life.truth.runtime) * slowed);
    life.ends = life.started + life.truth.runtime;
    if (life.truth.exit_code != 0) life.outcome = {Ending::exit, life.truth.exit_code, {}};
    const Bytes limit = launch.reserved.memory;
    if (limit.count > 0 && life.truth.memory_peak > limit) {
        life.outcome = {Ending::out_of_memory, 0, {}};
        life.ends = life.started +
                    from_seconds(seconds(life.truth.runtime) * share_of_runtime_at(limit, life.truth.memory_peak));
    }
    return life;
}

Result<Placement> SimulatedEngine::start(const engine::Launch& launch) {
    PLIM_CHECK(launch.node < nodes_.size(), "a task starts on a node that is there");
    Life life = live(launch);
    if (!life.truth.can_start) return Error{ErrorKind::not_found, "no such program"};
    if (life.truth.is_refused) return Error{ErrorKind::refused, "cannot start a process: too many"};
    Resources& reserved = reserved_[launch.node] += launch.reserved;
    most_reserved_[launch.node] = max_of(most_reserved_[launch.node], reserved);
    ends_.emplace(life.ends, launch.attempt);
    PLIM_CHECK(running_.emplace(launch.attempt, std::move(life)).second, "an attempt starts once");
    return Placement{.node = launch.node, .pid = static_cast<int>(launch.attempt.task) + 1, .group = launch.task_name};
}

void SimulatedEngine::stop(AttemptId attempt, engine::StopHow how) {
    const auto found = running_.find(attempt);
    if (found == running_.end()) return;
    Life& life = found->second;
    if (how == engine::StopHow::terminate && life.truth.ignores_terminate) return;
    ends_.erase({life.ends, attempt});
    life.ends = std::min(life.ends, clock_.now());
    const bool is_caught = how == engine::StopHow::terminate && life.truth.exits_well_when_asked_to_end;
    life.outcome =
        is_caught ? Outcome{} : Outcome{Ending::signal, how == engine::StopHow::kill ? SIGKILL : SIGTERM, {}};
    ends_.emplace(life.ends, attempt);
}

std::vector<engine::Ended> SimulatedEngine::wait(Instant until) {
    Instant next = until;
    if (!ends_.empty()) next = std::min(next, ends_.begin()->first);
    if (!happenings_.empty()) next = std::min(next, happenings_.begin()->first);
    waits_for_ever_ = next == Instant::max();
    if (waits_for_ever_) return {};
    clock_.advance_to(next);
    while (!happenings_.empty() && happenings_.begin()->first <= clock_.now())
        happenings_.extract(happenings_.begin()).mapped()();
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
    const Duration ran = life.ends - life.started;
    const double cores = std::min(life.truth.cpu.count, life.launch.reserved.cpu.count);
    const bool reached_peak = ran * 2 >= life.truth.runtime;
    const Bytes limit = life.launch.reserved.memory;
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
    const Duration ran = clock_.now() - life.started;
    const double share = std::min(1.0, 2 * seconds(ran) / std::max(1e-9, seconds(life.truth.runtime)));
    Usage usage;
    usage.at = clock_.now();
    usage.cpu = from_seconds(seconds(ran) * std::min(life.truth.cpu.count, life.launch.reserved.cpu.count));
    usage.memory = life.truth.memory_peak * share;
    usage.memory_high_water = usage.memory;
    usage.processes = 1;
    return usage;
}

}  // namespace plimsoll::simulate
