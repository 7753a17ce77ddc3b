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

void sample(RunningAttempt& attempt, const Watchers& watchers, Instant now) {
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
    if (now >= attempt.phase_until) {
        attempt.phase_until = next_phase(attempt, now);
        attempt.is_off_plan = true;
    }
    const telemetry::MemoryStand stand{
        .used = attempt.use.now, .rise_per_s = attempt.use.rise_per_s, .held = attempt.held.memory};
    // One that is frozen cannot rise; it is looked at as one that sleeps.
    const auto nearness = attempt.frozen_since ? telemetry::Nearness::far : telemetry::nearness_of(stand);
    const Instant phase = attempt.frozen_since ? Instant::max() : attempt.phase_until;
    attempt.next_sample = std::min(telemetry::next_sample(attempt.started, now, nearness), phase);
}

Instant due_at(const RunningAttempt& attempt) {
    if (attempt.must_die) return std::min(attempt.next_sample, *attempt.must_die);
    if (attempt.must_end && !attempt.frozen_since) return std::min(attempt.next_sample, *attempt.must_end);
    return attempt.next_sample;
}

bool wants_memory(const RunningAttempt& attempt) {
    return !attempt.is_suspended && (attempt.frozen_since || attempt.wanted > attempt.held.memory);
}

Resources billed(const RunningAttempt& attempt) {
    Resources amounts = attempt.held;
    amounts.memory = std::max(amounts.memory, attempt.use.now);
    amounts.cpu = std::max(amounts.cpu, attempt.cpu_use.now);
    return amounts;
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
    attempt.phase_until = next_phase(attempt, now);
}

}  // namespace plimsoll::loop
