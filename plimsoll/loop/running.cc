// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/loop/running.h"

#include <algorithm>

#include "plimsoll/telemetry/sampling.h"

namespace plimsoll::loop {
namespace {

// Two samples nearer to each other tell of their own noise.
constexpr Duration least_between = std::chrono::milliseconds(5);
// What is told of cores changes twice a second at the most.
constexpr Duration cpu_period = std::chrono::milliseconds(500);

void note_use(RunningAttempt& attempt, Bytes memory, Instant now) {
    const Duration since = now - std::max(attempt.last_sample, attempt.started);
    if (since >= least_between)
        attempt.use.rise_per_s = std::max(0.0, static_cast<double>((memory - attempt.use.now).count) / seconds(since));
    attempt.use.now = memory;
    attempt.used_most = std::max(attempt.used_most, memory);
}

void note_cpu(RunningAttempt& attempt, Duration so_far, Instant now) {
    CpuUse& use = attempt.cpu_use;
    const bool is_first = use.at == Instant{};
    const Duration since = now - std::max(use.at, attempt.started);
    if (since < (is_first ? least_between : cpu_period)) return;
    use.now = {std::max(0.0, seconds(so_far - use.so_far) / seconds(since))};
    use.so_far = so_far;
    use.at = now;
}

}  // namespace

void sample_due(RunningAttempts& running, const Watchers& watchers, Instant now) {
    for (auto& [task, attempt] : running) {
        if (attempt.next_sample > now) continue;
        if (!attempt.watched) {
            watchers.usage.watch(attempt.record.id, attempt.placement, attempt.started);
            watchers.limits.watch(attempt.record.id, attempt.placement, attempt.limits);
        }
        attempt.watched = true;
        if (auto seen = watchers.usage.sample(attempt.record.id, now)) {
            // A profile is over the attempt's own time.
            seen->at = attempt.started + own_time(attempt, now);
            attempt.profile.add(*seen);
            note_use(attempt, seen->memory, now);
            note_cpu(attempt, seen->cpu, now);
        }
        attempt.last_sample = now;
        const telemetry::MemoryStand stand{
            .used = attempt.use.now, .rise_per_s = attempt.use.rise_per_s, .held = attempt.held.memory};
        // One that is frozen cannot rise; it is looked at as one that sleeps.
        const auto nearness = attempt.frozen_since ? telemetry::Nearness::far : telemetry::nearness_of(stand);
        attempt.next_sample =
            std::min(telemetry::next_sample(attempt.started, now, nearness), next_phase(attempt, now));
    }
}

Instant next_due(const RunningAttempts& running) {
    Instant first = Instant::max();
    for (const auto& [task, attempt] : running) {
        first = std::min(first, attempt.next_sample);
        if (attempt.must_die) first = std::min(first, *attempt.must_die);
        else if (attempt.must_end && !attempt.frozen_since) first = std::min(first, *attempt.must_end);
    }
    return first;
}

Duration own_time(const RunningAttempt& attempt, Instant now) {
    const Duration frozen_now = attempt.frozen_since ? now - *attempt.frozen_since : Duration::zero();
    return now - attempt.started - attempt.record.shaping.frozen_time - frozen_now;
}

const Resources& planned(const RunningAttempt& attempt, Instant now) {
    return amounts_at(attempt.plan, attempt.plan.start + own_time(attempt, now));
}

Instant next_phase(const RunningAttempt& attempt, Instant now) {
    if (attempt.frozen_since) return Instant::max();
    const Duration lived = own_time(attempt, now);
    for (const Phase& phase : attempt.plan.phases)
        if (phase.until > lived && &phase != &attempt.plan.phases.back()) return now + (phase.until - lived);
    return Instant::max();
}

void hold_amounts(RunningAttempt& attempt, const Resources& amounts, Instant now) {
    account(attempt, now);
    attempt.held = amounts;
    attempt.record.reserved = max_of(attempt.record.reserved, amounts);
    attempt.judged_from = now;
    attempt.used_most = attempt.use.now;
}

void account(RunningAttempt& attempt, Instant now) {
    const double held_s = seconds(now - attempt.held_since);
    attempt.record.shaping.reserved_byte_seconds += static_cast<double>(attempt.held.memory.count) * held_s;
    attempt.record.shaping.reserved_core_seconds += attempt.held.cpu.count * held_s;
    attempt.held_since = now;
}

void account_thaw(RunningAttempt& attempt, Instant now) {
    if (!attempt.frozen_since) return;
    const Duration frozen = now - *attempt.frozen_since;
    attempt.record.shaping.frozen_time += frozen;
    if (attempt.must_end) *attempt.must_end += frozen;
    attempt.frozen_since.reset();
}

Resources held_by(const RunningAttempts& running) {
    Resources held;
    for (const auto& [task, attempt] : running) held += attempt.held;
    return held;
}

}  // namespace plimsoll::loop
