// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/simulate/simulated_world.h"

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

Result<Placement> SimulatedEngine::start(const engine::Launch& launch) {
    PLIM_CHECK(launch.node < nodes_.size(), "a task starts on a node that is there");
    Life life{.launch = launch,
              .truth = truth_(launch.task_name, launch.attempt.number),
              .started = clock_.now(),
              .outcome = {}};
    const double slowed = std::max(1.0, life.truth.cpu.count / std::max(1e-3, launch.reserved.cpu.count));
    const Duration runtime = from_seconds(seconds(life.truth.runtime) * slowed);
    life.ends = life.started + runtime;
    if (life.truth.exit_code != 0) life.outcome = {Ending::exit, life.truth.exit_code, {}};
    const Bytes limit = launch.reserved.memory;
    if (limit.count > 0 && life.truth.memory_peak > limit) {
        life.outcome = {Ending::out_of_memory, 0, {}};
        life.ends = life.started + from_seconds(seconds(runtime) * share_of_runtime_at(limit, life.truth.memory_peak));
    }
    life.truth.runtime = runtime;
    Resources& reserved = reserved_[launch.node] += launch.reserved;
    most_reserved_[launch.node] = max_of(most_reserved_[launch.node], reserved);
    PLIM_CHECK(running_.emplace(launch.attempt, std::move(life)).second, "an attempt starts once");
    return Placement{.node = launch.node, .pid = static_cast<int>(launch.attempt.task) + 1, .group = launch.task_name};
}

void SimulatedEngine::stop(AttemptId attempt, engine::StopHow how) {
    const auto found = running_.find(attempt);
    if (found == running_.end()) return;
    found->second.ends = std::min(found->second.ends, clock_.now());
    found->second.outcome = {Ending::signal, how == engine::StopHow::kill ? SIGKILL : SIGTERM, {}};
}

std::vector<engine::Ended> SimulatedEngine::wait(Instant until) {
    Instant next = until;
    for (const auto& [id, life] : running_) next = std::min(next, life.ends);
    PLIM_CHECK(next != Instant::max(), "nothing runs and nothing is waited for: the loop would wait for ever");
    clock_.advance_to(next);
    std::vector<engine::Ended> ended;
    for (auto at = running_.begin(); at != running_.end();) {
        if (at->second.ends > clock_.now()) {
            ++at;
            continue;
        }
        ended.push_back(end(at->second));
        reserved_[at->second.launch.node] -= at->second.launch.reserved;
        at = running_.erase(at);
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

workflow::Freshness SimulatedWorkspace::examine(const Task& task) {
    const Behaviour truth = truth_(task.name, 1);
    workflow::Freshness fresh;
    fresh.up_to_date = truth.up_to_date;
    fresh.reason = truth.up_to_date ? "outputs are up to date" : "no record of an earlier run";
    fresh.features.input_bytes = truth.input_bytes;
    fresh.features.input_count = static_cast<std::uint32_t>(task.inputs.size());
    return fresh;
}

workflow::Conclusion SimulatedWorkspace::conclude(const Task& task, AttemptId attempt) {
    if (truth_(task.name, attempt.number).input_changes) return {{Ending::input_changed, 0, {}}, std::nullopt};
    return {{Ending::finished, 0, {}}, Receipt{.task_name = task.name, .command = {}, .inputs = {}, .outputs = {}}};
}

void SimulatedWorkspace::delete_temporaries(const Task& task) {
    for (const OutputFile& output : task.outputs)
        if (output.temporary) deleted_.push_back(output.path);
}

}  // namespace plimsoll::simulate
