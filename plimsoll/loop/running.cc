// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/loop/running.h"

#include <algorithm>

#include "plimsoll/telemetry/sampling.h"

namespace plimsoll::loop {

void sample_due(RunningAttempts& running, telemetry::UsageSource& usage, Instant now) {
    for (auto& [task, attempt] : running) {
        if (attempt.next_sample > now) continue;
        if (!attempt.watched) usage.watch(attempt.record.id, attempt.placement, attempt.started);
        attempt.watched = true;
        if (const auto seen = usage.sample(attempt.record.id, now)) attempt.profile.add(*seen);
        attempt.last_sample = now;
        attempt.next_sample = telemetry::next_sample(attempt.started, now);
    }
}

Instant next_due(const RunningAttempts& running) {
    Instant first = Instant::max();
    for (const auto& [task, attempt] : running) {
        first = std::min(first, attempt.next_sample);
        if (attempt.must_die) first = std::min(first, *attempt.must_die);
        else if (attempt.must_end) first = std::min(first, *attempt.must_end);
    }
    return first;
}

Resources held_by(const RunningAttempts& running) {
    Resources held;
    for (const auto& [task, attempt] : running) held += attempt.record.reserved;
    return held;
}

}  // namespace plimsoll::loop
